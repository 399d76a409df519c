/** What earlier runs got from the same task, kept where all runs of a user find it. */
@NullMarked
package io.skyline.coordinator.evaluation;

import org.jspecify.annotations.NullMarked;
