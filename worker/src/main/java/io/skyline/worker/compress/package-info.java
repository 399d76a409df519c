/** Doing what recipes say: one file a step. */
@NullMarked
package io.skyline.worker.compress;

import org.jspecify.annotations.NullMarked;
