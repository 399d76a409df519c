package io.skyline.coordinator.search;

/**
 * A stored file that belongs to a trial.
 *
 * @param name what it is to the trial: {@code model.onnx}
 * @param digest SHA-256 in lower-case hex
 * @param bytes its size
 */
public record Artifact(String name, String digest, long bytes) {}
