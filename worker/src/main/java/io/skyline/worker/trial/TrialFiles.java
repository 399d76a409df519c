package io.skyline.worker.trial;

/** What a trial's artifacts are called. */
final class TrialFiles {
  static final String MODEL = "model.onnx";
  static final String PACKED = "model.sky";
  static final String ZIPPED = "model.zip";
  static final String CARD = "card.json";
  static final String LABELS = "labels.txt";

  /** For {@link #ZIPPED}, which only published models get: see {@link WeightsFile}. */
  static final String WEIGHTS = "weights";

  /** The model of the {@link Counterpart}, for its latency. */
  static final String COUNTERPART = "float32.onnx";

  private TrialFiles() {}
}
