/** The words that coordinator and workers share about results: metrics, units, outcomes, data. */
@NullMarked
package io.skyline.scorecard;

import org.jspecify.annotations.NullMarked;
