package io.skyline.worker.compress;

import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;

/**
 * A network and how its numbers are to be stored.
 *
 * @param network whose weights already lie where the encoding can store them, so that every export
 *     of it agrees: half-precision numbers for fp16, the integers' grid for int8
 */
public record Encoded(Network network, Encoding encoding) {}
