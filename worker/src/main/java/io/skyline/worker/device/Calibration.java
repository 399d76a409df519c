package io.skyline.worker.device;

import io.skyline.cost.CostFit;
import io.skyline.cost.CostFit.Measured;
import io.skyline.cost.DeviceProfile;
import io.skyline.cost.LatencyPredictor;
import io.skyline.cost.OperatorCosts;
import io.skyline.cost.OperatorPlan;
import io.skyline.cost.Storage;
import io.skyline.worker.device.RandomModels.Drawn;
import io.skyline.worker.score.LatencyMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures what operators cost on this device: random networks of the catalog, and chains of equal
 * convolutions between them, are timed as they would be shipped, and the costs fitted to the times.
 * Networks of another seed then tell how wrong predictions are.
 */
public final class Calibration {
  /** Among so many networks every kind of operator occurs. */
  public static final int FEWEST = 96;

  /** Every so manieth network is a chain. */
  private static final int CHAINS = 4;

  private static final long SEED = 1;
  private static final long CHECK_SEED = 2;

  /** Channels that a runtime may compute at once: without vectors, NEON, AVX2, AVX-512. */
  private static final int[] BLOCKS = {1, 4, 8, 16};

  private final LatencyMeter meter;
  private final Progress progress;

  /** Hears how far the calibration is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param phase {@code measure} or {@code check}
     */
    void at(String phase, int done, int of);
  }

  public Calibration(LatencyMeter meter, Progress progress) {
    this.meter = meter;
    this.progress = progress;
  }

  private record Timed(Drawn network, double microseconds) {}

  /**
   * Measures this device.
   *
   * @param networks to fit the costs to, at least {@link #FEWEST}
   * @param checked networks to find the error on
   */
  public DeviceProfile run(int networks, int checked) {
    List<Timed> measured = measure(networks);
    String protocol =
        ("batch 1, one thread; costs fitted to %d networks of the catalog and chains of equal"
                + " convolutions, each timed in alternation with the reference model")
            .formatted(measured.size());
    DeviceProfile best = null;
    double least = Double.MAX_VALUE;
    OperatorCosts integers = fit(measured, Storage.INT8, BLOCKS[0]);
    for (int block : BLOCKS) {
      DeviceProfile profile =
          new DeviceProfile(
              ThisDevice.origin(protocol),
              block,
              new DeviceProfile.Error(0, 0, 0, 0),
              fit(measured, Storage.FP32, block),
              integers);
      double median = PredictionQuality.of(pairs(profile, measured)).median();
      if (median < least) {
        best = profile;
        least = median;
      }
    }
    if (best == null) {
      throw new IllegalStateException("no block of channels explains the times");
    }
    return best.with(PredictionQuality.of(pairs(best, check(checked))));
  }

  private List<Timed> measure(int networks) {
    RandomModels models = new RandomModels(SEED);
    Chains chains = new Chains(new SplittableRandom(SEED));
    List<Timed> measured = new ArrayList<>();
    for (int i = 0; i < networks; i++) {
      measured.add(time(i % CHAINS == CHAINS - 1 ? chains.next() : models.next()));
      progress.at("measure", i + 1, networks);
    }
    return measured;
  }

  private List<Timed> check(int count) {
    RandomModels models = new RandomModels(CHECK_SEED);
    List<Timed> checked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      checked.add(time(models.next()));
      progress.at("check", i + 1, count);
    }
    return checked;
  }

  private Timed time(Drawn network) {
    return new Timed(
        network, meter.glance(UntrainedModel.onnx(network.architecture(), network.storage())));
  }

  private static OperatorCosts fit(List<Timed> measured, Storage storage, int block) {
    List<Measured> networks =
        measured.stream()
            .filter(timed -> timed.network().storage() == storage)
            .map(
                timed ->
                    new Measured(
                        OperatorPlan.of(timed.network().architecture(), storage, block),
                        timed.microseconds()))
            .toList();
    return CostFit.of(networks, storage);
  }

  private static List<PredictionQuality.Pair> pairs(DeviceProfile profile, List<Timed> networks) {
    LatencyPredictor predictor = new LatencyPredictor(profile);
    return networks.stream()
        .map(
            timed ->
                new PredictionQuality.Pair(
                    predictor.microseconds(
                        timed.network().architecture(), timed.network().storage()),
                    timed.microseconds()))
        .toList();
  }
}
