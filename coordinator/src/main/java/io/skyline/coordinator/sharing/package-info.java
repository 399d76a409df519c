/**
 * Weights that the networks of a search share: their versions as artifacts, merged in step order.
 */
@NullMarked
package io.skyline.coordinator.sharing;

import org.jspecify.annotations.NullMarked;
