/** Measuring the exported file in ONNX Runtime: accuracy, latency, memory, bytes. */
@NullMarked
package io.skyline.worker.score;

import org.jspecify.annotations.NullMarked;
