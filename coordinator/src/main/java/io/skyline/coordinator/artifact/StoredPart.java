package io.skyline.coordinator.artifact;

/**
 * A file that lies within a stored one, and can be asked for by its own digest: many small files
 * are then forced to disk at the price of one.
 *
 * @param digest of the part's bytes
 * @param container digest of the stored file
 * @param offset where the part begins in it
 * @param bytes how long it is
 */
public record StoredPart(String digest, String container, long offset, long bytes) {}
