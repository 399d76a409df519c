package io.skyline.worker.compress;

import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import java.util.Optional;

/**
 * A small network trained for a few seconds on real images, and what quantizes it.
 *
 * @param trained on 1,400 images
 */
record SmallFashion(Network trained, Workbench bench) {
  private static final Examples TRAINING = FashionSlice.of(0, 1400);
  private static final Examples UNSEEN = FashionSlice.of(1400, 2000);
  private static final TrainingPlan PLAN =
      new TrainingPlan(4, 32, Optimizer.ADAM, 5e-3, 0.1, 1e-4, 0, Augmentation.NONE);

  static SmallFashion of(long seed) {
    Network fresh =
        CompressionStepContract.ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, seed);
    Network trained =
        CompressionStepContract.ENGINE.train(fresh, PLAN, TRAINING, seed, TrainingProgress.SILENT);
    Workbench bench =
        Workbench.of(
            CompressionStepContract.ENGINE,
            PLAN,
            TrainingSet.of(TRAINING),
            fresh,
            seed + 1,
            TrainingProgress.SILENT);
    return new SmallFashion(trained, bench);
  }

  Encoded quantized(Quantization step) {
    return quantized(trained, step);
  }

  Encoded quantized(Network network, Quantization step) {
    return CompressionStep.of(step).apply(Encoded.trained(network), bench);
  }

  /** Of the exported file, on 600 other images. */
  static double accuracy(Encoded encoded) {
    byte[] model = OnnxWriter.write(encoded.network(), encoded.encoding());
    try (ModelSession session = ModelSession.load(model)) {
      return Quality.leading(session.predict(UNSEEN), UNSEEN);
    }
  }

  /** Of the network in the engine, on the same. */
  static double accuracy(Network network) {
    return Quality.leading(CompressionStepContract.ENGINE.predict(network, UNSEEN), UNSEEN);
  }

  static Quantization mixed() {
    return of(
        Precision.MIXED,
        new LayerGrids(
            List.of(WeightGrid.INT8, WeightGrid.TERNARY),
            Optional.of(WeightGrid.FP32),
            Optional.of(WeightGrid.INT4)),
        0);
  }

  static Quantization xnor(int epochs) {
    Optional<WeightGrid> ends = Optional.of(WeightGrid.FP32);
    return of(Precision.XNOR, new LayerGrids(List.of(WeightGrid.BINARY), ends, ends), epochs);
  }

  /** With scales of inputs. */
  static Quantization scaledXnor(int epochs) {
    Quantization plain = xnor(epochs);
    return new Quantization(
        plain.precision(), plain.layers(), plain.calibration(), false, 7, epochs, true);
  }

  private static Quantization of(Precision precision, LayerGrids grids, int epochs) {
    return new Quantization(precision, grids, Calibration.MIN_MAX, false, 7, epochs);
  }
}
