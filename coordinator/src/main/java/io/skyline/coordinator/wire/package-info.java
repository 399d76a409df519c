/** The records of the house as messages of the wire, and back. */
@NullMarked
package io.skyline.coordinator.wire;

import org.jspecify.annotations.NullMarked;
