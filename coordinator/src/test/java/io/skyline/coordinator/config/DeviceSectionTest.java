package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.TestData;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.controller.ExactCostGate;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.controller.Gate.Verdict;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.DeviceProfile;
import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import io.skyline.cost.OperatorCosts;
import io.skyline.cost.Storage;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.Catalog;
import io.skyline.space.Genome;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceSectionTest {
  private static final DataCard DATA = TestData.images(28);
  private static final String SHORT =
      """
      data: fashion-mini
      space: mobile
      objectives: [maximize accuracy]
      controller: random
      budget: {trials: 4, epochs: 1}
      """;

  @TempDir private Path folder;

  private static OperatorCosts costs(Storage storage) {
    Map<Kind, Map<Work, Double>> table = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.occursIn(storage)) {
        table.put(kind, Map.of(Work.CALLS, 1000.0, Work.MACS, 0.0123, Work.READS, 0.25));
      }
    }
    return new OperatorCosts(table);
  }

  private SearchConfig read(String more) throws IOException {
    DeviceProfile profile =
        new DeviceProfile(
            new DeviceProfile.Origin("board", "cpu", "runtime", "2026-11-28", "for tests"),
            8,
            new DeviceProfile.Error(100, 0.03, 0.15, 0.99),
            costs(Storage.FP32),
            costs(Storage.INT8));
    Files.writeString(folder.resolve("device.yaml"), profile.yaml());
    Files.writeString(folder.resolve("broken.yaml"), profile.yaml().replace("macs: 0", "macs: x"));
    return ConfigReader.read(
        Files.writeString(folder.resolve("mine.yaml"), SHORT + more), List.of());
  }

  private static Candidate candidate(SearchConfig config, DataCard data, long seed) {
    Genome genome = config.space().decisions().sample(new SplittableRandom(seed));
    return config.space().decode(genome, data, config.training());
  }

  @Test
  void aResumedSearchNeedsTheFileNoMore() throws IOException {
    SearchConfig config = read("device: device.yaml\nconstraints: [predicted_latency <= 300 us]");
    Files.delete(folder.resolve("device.yaml"));

    SearchConfig again = ConfigReader.reread(config.yaml());
    assertThat(again.device()).isPresent().isEqualTo(config.device());
    assertThat(again.yaml()).isEqualTo(config.yaml());
    Candidate candidate = candidate(config, DATA, 3);
    assertThat(CandidateCost.of(candidate, again.device()))
        .isEqualTo(CandidateCost.of(candidate, config.device()));
    assertThat(CandidateCost.of(candidate, again.device()).value(Metric.PREDICTED_LATENCY))
        .isPresent();
  }

  @Test
  void gateOneAnswersWhatIsForetoldToBeTooSlow() throws IOException {
    SearchConfig predicted =
        read("device: device.yaml\nconstraints: [predicted_latency <= 100 us]");
    SearchConfig latency = read("device: device.yaml\nconstraints: [latency <= 100 us]");
    Gate exact = SearchPlan.of("a", predicted, DATA).gate();
    Gate hopeless = SearchPlan.of("b", latency, DATA).gate();
    int between = 0;
    int above = 0;
    for (int seed = 0; seed < 200; seed++) {
      Genome genome = predicted.space().decisions().sample(new SplittableRandom(seed));
      double foretold =
          CandidateCost.of(candidate(predicted, DATA, seed), predicted.device())
              .value(Metric.PREDICTED_LATENCY)
              .orElseThrow();
      assertThat(exact.judge(genome) instanceof Gate.Feasible).isEqualTo(foretold <= 100);
      assertThat(hopeless.judge(genome) instanceof Gate.Feasible).isEqualTo(foretold <= 115);
      between += foretold > 100 && foretold <= 115 ? 1 : 0;
      above += foretold > 115 ? 1 : 0;
    }
    assertThat(between).isPositive();
    assertThat(above).isPositive();
  }

  @Test
  void aMeasurementDecidesOverAPrediction() {
    Constraint limit = new Constraint(Metric.LATENCY, Constraint.Bound.AT_MOST, 100);
    Goals goals = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of(limit));
    Scorecard foretold =
        Scorecard.EMPTY.with(Metric.PREDICTED_LATENCY, new Measurement(230, 0.15, true));
    Scorecard measured = foretold.with(Metric.LATENCY, new Measurement(90, 0.02, true));
    Scorecard exits =
        Scorecard.EMPTY.with(Metric.PREDICTED_LATENCY, new Measurement(230, 0.15, false));

    assertThat(goals.foreseenViolation(foretold)).isEqualTo(1, Offset.offset(1e-9));
    assertThat(limit.judged(foretold)).isEqualTo(Metric.PREDICTED_LATENCY);
    assertThat(goals.foreseenViolation(measured)).isZero();
    assertThat(limit.judged(measured)).isEqualTo(Metric.LATENCY);
    assertThat(limit.foreseen(exits)).isEmpty();
    assertThat(goals.feasible(foretold)).isFalse();
    Verdict verdict = new ExactCostGate(goals, genome -> foretold).judge(any());
    assertThat(verdict)
        .isEqualTo(
            new Gate.Infeasible(
                foretold,
                "predicted_latency 230 us is above the limit of 100 us on latency by more than"
                    + " its error of 15 %"));
  }

  @Test
  void aRejectionTellsSmallValuesAndSmallDifferences() {
    Constraint energy = new Constraint(Metric.ENERGY, Constraint.Bound.AT_MOST, .25);
    Constraint macs = new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 1_000_000);
    Goals goals = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of(energy, macs));
    Scorecard exact =
        Scorecard.EMPTY
            .with(Metric.ENERGY, Measurement.exact(.375))
            .with(Metric.MACS, Measurement.exact(1_000_001));

    assertThat(new ExactCostGate(goals, genome -> exact).judge(any()))
        .isEqualTo(
            new Gate.Infeasible(
                exact,
                "energy 375 nJ is above its limit of 250 nJ;"
                    + " macs 1000001 is above its limit of 1000000"));
  }

  private static Genome any() {
    return Catalog.space("mobile").decisions().sample(new SplittableRandom(1));
  }

  @Test
  void withoutADeviceNothingIsForetold() throws IOException {
    SearchConfig config = read("constraints: [latency <= 1 us]");

    assertThat(config.device()).isEmpty();
    assertThat(config.yaml()).doesNotContain("device");
    assertThat(CandidateCost.of(candidate(config, DATA, 1), config.device()).measurements())
        .doesNotContainKey(Metric.PREDICTED_LATENCY);
    Genome genome = config.space().decisions().sample(new SplittableRandom(1));
    assertThat(SearchPlan.of("a", config, DATA).gate().judge(genome))
        .isInstanceOf(Gate.Feasible.class);
  }

  @Test
  void saysHowToGetAProfile() {
    wrong(
        "constraints: [predicted_latency <= 1 ms]",
        "mine.yaml:6:",
        "'predicted_latency' needs the profile of a device",
        "skyline device calibrate");
    wrong("device: none.yaml", "mine.yaml:6:9", "there is no file 'none.yaml'", "calibrate --out");
    wrong("device: broken.yaml", "broken.yaml:12:", "'macs' is a number, not 'x.0123'");
    wrong("device: [a]", "mine.yaml:6:9", "'device' is a single value, not a list");
    wrong("device: {device_profile: 1}", "mine.yaml:6:", "needs 'machine'");
  }

  private void wrong(String more, String... messages) {
    assertThatThrownBy(() -> read(more))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContainingAll(messages);
  }
}
