/** Config files: read, checked whole, with errors as file:line:column. */
@NullMarked
package io.skyline.coordinator.config;

import org.jspecify.annotations.NullMarked;
