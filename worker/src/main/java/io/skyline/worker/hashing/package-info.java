/**
 * Kernels whose frequencies share few values that a hash deals out: trained in {@code compress},
 * recognised and rebuilt bit for bit in {@code pack}.
 */
@NullMarked
package io.skyline.worker.hashing;

import org.jspecify.annotations.NullMarked;
