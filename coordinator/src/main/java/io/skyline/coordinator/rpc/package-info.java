/** gRPC services translated to actor messages; the only room that knows both. */
@NullMarked
package io.skyline.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
