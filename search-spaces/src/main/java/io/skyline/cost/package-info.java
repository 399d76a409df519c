/** Exact costs of a candidate before any training: parameters, MACs, bytes, memory, energy. */
@NullMarked
package io.skyline.cost;

import org.jspecify.annotations.NullMarked;
