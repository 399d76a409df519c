/**
 * The training engine: differentiable layers on oneDNN primitives, optimizers, schedules, losses.
 */
@NullMarked
package io.skyline.worker.train;

import org.jspecify.annotations.NullMarked;
