/** Compression plans: what to do to a trained network, in order; the worker does it. */
@NullMarked
package io.skyline.recipe;

import org.jspecify.annotations.NullMarked;
