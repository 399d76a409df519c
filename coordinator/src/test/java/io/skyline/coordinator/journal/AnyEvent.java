package io.skyline.coordinator.journal;

import static net.jqwik.api.Combinators.combine;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Failure;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Arbitrary events, with every kind of them. */
final class AnyEvent {
  /** How to draw each kind. */
  static final Map<Class<?>, Arbitrary<? extends SearchEvent>> KINDS = kinds();

  private AnyEvent() {}

  static Arbitrary<SearchEvent> events() {
    return Arbitraries.of(List.copyOf(KINDS.values())).flatMap(kind -> kind.map(event -> event));
  }

  private static Map<Class<?>, Arbitrary<? extends SearchEvent>> kinds() {
    Map<Class<?>, Arbitrary<? extends SearchEvent>> kinds = new LinkedHashMap<>();
    Arbitrary<Long> times = Arbitraries.longs();
    Arbitrary<Long> steps = Arbitraries.longs().greaterOrEqual(1);
    Arbitrary<Integer> counts = Arbitraries.integers().greaterOrEqual(1);
    kinds.put(
        SearchEvent.Started.class,
        combine(texts(), texts(), texts(), cards(), times, texts(), times)
            .as(SearchEvent.Started::new));
    kinds.put(
        SearchEvent.NumericsBound.class,
        combine(texts(), times).as(SearchEvent.NumericsBound::new));
    Arbitrary<Failure> failures =
        combine(Arbitraries.of(FailureKind.class), texts()).as(Failure::new);
    kinds.put(
        SearchEvent.Learned.class,
        combine(texts(), texts(), scorecards(), failures.optional(), Arbitraries.of(true, false))
            .as(SearchEvent.Learned::new));
    kinds.put(
        SearchEvent.Recalled.class,
        combine(tasks(), texts(), scorecards(), artifacts().list().ofMaxSize(6), times)
            .as(SearchEvent.Recalled::new));
    kinds.put(
        SearchEvent.Proposed.class,
        combine(steps, counts, texts(), Arbitraries.integers().greaterOrEqual(0), counts, times)
            .as(SearchEvent.Proposed::new));
    kinds.put(
        SearchEvent.Promoted.class,
        combine(steps, tasks(), Arbitraries.integers().greaterOrEqual(0), times)
            .as(SearchEvent.Promoted::new));
    kinds.put(
        SearchEvent.RungReached.class,
        combine(tasks(), counts, counts, scorecards(), artifacts(), times)
            .as(SearchEvent.RungReached::new));
    kinds.put(SearchEvent.Idled.class, combine(steps, times).as(SearchEvent.Idled::new));
    kinds.put(SearchEvent.Retired.class, combine(steps, times).as(SearchEvent.Retired::new));
    kinds.put(
        SearchEvent.Rejected.class,
        combine(steps, texts(), scorecards(), texts()).as(SearchEvent.Rejected::new));
    kinds.put(
        SearchEvent.Leased.class,
        combine(tasks(), counts, texts(), times).as(SearchEvent.Leased::new));
    kinds.put(
        SearchEvent.LeaseEnded.class,
        combine(tasks(), counts, texts(), Arbitraries.of(true, false), times)
            .as(SearchEvent.LeaseEnded::new));
    kinds.put(
        SearchEvent.Scored.class,
        combine(
                tasks(),
                counts,
                scorecards(),
                artifacts().list().ofMaxSize(6),
                Arbitraries.longs().greaterOrEqual(0),
                times)
            .as(SearchEvent.Scored::new));
    kinds.put(
        SearchEvent.Failed.class,
        combine(tasks(), counts, Arbitraries.of(FailureKind.class), texts(), times)
            .as(SearchEvent.Failed::new));
    kinds.put(
        SearchEvent.Stopped.class, combine(tasks(), texts(), times).as(SearchEvent.Stopped::new));
    kinds.put(
        SearchEvent.Screened.class,
        combine(tasks(), counts, scorecards(), times).as(SearchEvent.Screened::new));
    kinds.put(SearchEvent.TimeExpired.class, times.map(SearchEvent.TimeExpired::new));
    kinds.put(
        SearchEvent.NoMoreProposals.class,
        combine(texts(), times).as(SearchEvent.NoMoreProposals::new));
    kinds.put(SearchEvent.Extended.class, combine(counts, times).as(SearchEvent.Extended::new));
    kinds.put(SearchEvent.Cancelled.class, times.map(SearchEvent.Cancelled::new));
    kinds.put(SearchEvent.Resumed.class, times.map(SearchEvent.Resumed::new));
    kinds.put(
        SearchEvent.PathDrawn.class,
        combine(steps, Arbitraries.integers().between(0, 40).list().ofMaxSize(60), times)
            .as(SearchEvent.PathDrawn::new));
    kinds.put(
        SearchEvent.WeightsMerged.class,
        combine(steps, texts(), times).as(SearchEvent.WeightsMerged::new));
    kinds.put(
        SearchEvent.CandidateDrawn.class,
        combine(counts, texts(), times).as(SearchEvent.CandidateDrawn::new));
    kinds.put(SearchEvent.CandidatesDerived.class, times.map(SearchEvent.CandidatesDerived::new));
    kinds.put(SearchEvent.Ended.class, combine(texts(), times).as(SearchEvent.Ended::new));
    return kinds;
  }

  // surrogates do not survive UTF-8
  private static Arbitrary<String> texts() {
    return Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(80);
  }

  private static char[] surrogates() {
    char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = (char) (Character.MIN_SURROGATE + i);
    }
    return all;
  }

  private static Arbitrary<TaskId> tasks() {
    Arbitrary<Integer> counts = Arbitraries.integers().greaterOrEqual(1);
    return combine(Arbitraries.of(TaskId.Kind.class), counts, counts).as(TaskId::new);
  }

  private static Arbitrary<Artifact> artifacts() {
    return combine(texts(), texts(), Arbitraries.longs().greaterOrEqual(0)).as(Artifact::new);
  }

  private static Arbitrary<Scorecard> scorecards() {
    Arbitrary<Measurement> measurements =
        combine(
                Arbitraries.doubles(),
                Arbitraries.doubles().between(0, 1),
                Arbitraries.of(true, false))
            .as(Measurement::new);
    return Arbitraries.maps(Arbitraries.of(Metric.class), measurements).map(Scorecard::new);
  }

  private static Arbitrary<DataCard> cards() {
    Arbitrary<Integer> extents = Arbitraries.integers().between(1, 300);
    Arbitrary<Shape> shapes = combine(Arbitraries.of(1, 3), extents, extents).as(Shape::new);
    Arbitrary<DataCard.Split> splits =
        combine(texts(), extents, Arbitraries.longs().greaterOrEqual(0)).as(DataCard.Split::new);
    Arbitrary<Float> floats = Arbitraries.floats();
    return shapes.flatMap(
        shape ->
            combine(
                    texts(),
                    texts().list().ofMaxSize(4),
                    floats.list().ofSize(shape.channels()),
                    floats.list().ofSize(shape.channels()),
                    splits,
                    splits,
                    splits,
                    splits.optional())
                .as(
                    (name, classes, mean, deviation, train, validation, test, unlabelled) ->
                        new DataCard(
                            name,
                            shape,
                            classes,
                            mean,
                            deviation,
                            train,
                            validation,
                            test,
                            Optional.empty(),
                            List.of(),
                            name.length(),
                            unlabelled)));
  }
}
