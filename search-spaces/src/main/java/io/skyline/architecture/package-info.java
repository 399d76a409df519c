/** Decoded networks: shape-checked, immutable graphs of layer records, without weights. */
@NullMarked
package io.skyline.architecture;

import org.jspecify.annotations.NullMarked;
