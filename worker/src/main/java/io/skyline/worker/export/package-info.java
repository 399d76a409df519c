/** Writers and readers of what is shipped: ONNX and the packed model. */
@NullMarked
package io.skyline.worker.export;

import org.jspecify.annotations.NullMarked;
