/** A run on disk: trials, frontier, models, report. */
@NullMarked
package io.skyline.coordinator.results;

import org.jspecify.annotations.NullMarked;
