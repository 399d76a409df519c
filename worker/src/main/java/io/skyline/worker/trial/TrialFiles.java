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

  /** All that a pause of a training leaves: see {@link CheckpointFile}. */
  static final String CHECKPOINT = "checkpoint";

  /** For children, if there may be some: the weights before the recipe. */
  static final String TRAINED = "trained";

  /** For the {@link #CARD} of a published model: what {@link RuntimeJson} says. */
  static final String RUNTIME = "runtime.json";

  /** The model before the first step of its recipe. */
  static final String UNCOMPRESSED = "float32.onnx";

  /** The model {@link Before} a later step, for its card; the first step is step 0. */
  static String before(int step) {
    return step == 0 ? UNCOMPRESSED : "before-step-" + (step + 1) + ".onnx";
  }

  private TrialFiles() {}
}
