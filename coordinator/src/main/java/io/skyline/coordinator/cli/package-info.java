/** The commands of users. */
@NullMarked
package io.skyline.coordinator.cli;

import org.jspecify.annotations.NullMarked;
