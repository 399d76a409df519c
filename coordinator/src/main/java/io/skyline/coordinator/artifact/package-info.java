/** Files named by their SHA-256. */
@NullMarked
package io.skyline.coordinator.artifact;

import org.jspecify.annotations.NullMarked;
