package io.skyline.coordinator.search;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Values that the tests of a search share. */
public final class Samples {
  private static final Constraint SMALL =
      new Constraint(Metric.SIZE, Constraint.Bound.AT_MOST, 1000);

  /** Accuracy, latency and size; size at most 1000 bytes. */
  public static final Goals GOALS =
      new Goals(
          List.of(
              new Objective(Metric.ACCURACY),
              new Objective(Metric.LATENCY),
              new Objective(Metric.SIZE)),
          List.of(SMALL));

  /** Accuracy and size; size at most 1000 bytes. */
  public static final Goals EXACT =
      new Goals(
          List.of(new Objective(Metric.ACCURACY), new Objective(Metric.SIZE)), List.of(SMALL));

  private Samples() {}

  /** A scorecard of three numbers. */
  public static Scorecard scores(double accuracy, double latency, double size) {
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(accuracy))
        .with(Metric.LATENCY, new Measurement(latency, .02, true))
        .with(Metric.SIZE, Measurement.exact(size));
  }

  /** A trial that was scored. */
  public static Trial trial(int number, Scorecard scorecard) {
    return Trial.proposed(new SearchEvent.Proposed(number, number, "g" + number, 0))
        .scored(new SearchEvent.Scored(TaskId.train(number), 1, scorecard, List.of(), 0));
  }

  /** The first event of every journal. */
  public static SearchEvent.Started started() {
    DataCard.Split split = new DataCard.Split("00", 1, 1);
    return new SearchEvent.Started(
        "test",
        "",
        "",
        new DataCard(
            "none", Shape.flat(1), List.of("a"), List.of(0f), List.of(1f), split, split, split),
        1,
        "test",
        0);
  }

  /** Trials with few distinct values, so that ties and dominance are frequent. */
  static Arbitrary<List<Trial>> trials(int most) {
    Arbitrary<Scorecard> scorecards =
        Combinators.combine(
                Arbitraries.integers().between(1, 10),
                Arbitraries.doubles().between(100, 200),
                Arbitraries.integers().between(1, 12))
            .as((accuracy, latency, size) -> scores(accuracy / 10., latency, size * 100));
    return scorecards
        .list()
        .ofMaxSize(most)
        .map(
            cards ->
                java.util.stream.IntStream.range(0, cards.size())
                    .mapToObj(i -> trial(i + 1, cards.get(i)))
                    .toList());
  }

  static Optional<double[]> costs(Trial trial) {
    return GOALS.costs(trial.scorecard());
  }
}
