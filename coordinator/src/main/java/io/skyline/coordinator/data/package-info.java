/** Readers of data sets, and their preparation for workers. */
@NullMarked
package io.skyline.coordinator.data;

import org.jspecify.annotations.NullMarked;
