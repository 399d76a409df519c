/** A trained network as plain data: an architecture and its weights, owned by no engine. */
@NullMarked
package io.skyline.worker.network;

import org.jspecify.annotations.NullMarked;
