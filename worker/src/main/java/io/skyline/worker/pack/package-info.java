/** The packed model, {@code model.sky}: byte for byte in docs/format.md. */
@NullMarked
package io.skyline.worker.pack;

import org.jspecify.annotations.NullMarked;
