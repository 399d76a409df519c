/** Prepared data sets: fetched by digest, cached, shuffled, augmented and batched. */
@NullMarked
package io.skyline.worker.data;

import org.jspecify.annotations.NullMarked;
