package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SuccessiveHalvingTest {
  private static final Halving RUNGS = new Halving(1, 3, 9);

  /** What a controller was told, in words. */
  private static final class Listener implements Controller {
    private final RandomSearch random = new RandomSearch(Spaces.wide(), 5);
    private final List<String> told = new ArrayList<>();

    @Override
    public Proposal propose(long step, Pending pending) {
      return random.propose(step, pending);
    }

    @Override
    public void observe(Outcome outcome) {
      told.add("observe " + text(outcome));
      random.observe(outcome);
    }

    @Override
    public void revise(Outcome outcome) {
      told.add("revise " + text(outcome));
    }

    private static String text(Outcome outcome) {
      return outcome.step()
          + (outcome instanceof Outcome.Scored scored
              ? " %.3f".formatted(scored.scorecard().value(Metric.ACCURACY).orElseThrow())
              : " " + outcome.getClass().getSimpleName());
    }
  }

  private static SearchSettings settings(Goals goals, int trials, Order order) {
    return new SearchSettings(
            goals, Budget.ofTrials(trials), 1, order, 3, OptionalInt.empty(), false, 1, 0)
        .with(RUNGS);
  }

  /** One worker; each training scores what the trial's number and its epochs say. */
  private static List<SearchEvent> run(
      SearchSettings settings, Controller controller, ToDoubleFunction<int[]> accuracy) {
    Proposer proposer = new Proposer(Spaces.wide(), controller, Gate.OPEN);
    List<SearchEvent> journal = new ArrayList<>();
    SearchState state = SearchState.initial(settings);
    while (state.phase() == Phase.SEARCHING) {
      for (SearchEvent event : proposer.advance(state, 0)) {
        journal.add(event);
        state = state.apply(event);
      }
      if (state.phase() == Phase.SEARCHING) {
        TaskId task = state.openTasks().get(0);
        int pause = state.trial(task.trial()).orElseThrow().ladder().target();
        double score = accuracy.applyAsDouble(new int[] {task.trial(), pause == 0 ? 9 : pause});
        Scorecard scores =
            Scorecard.EMPTY
                .with(Metric.ACCURACY, Measurement.exact(score))
                .with(Metric.MACS, Measurement.exact(1000 - task.trial()));
        SearchEvent end =
            pause == 0
                ? new SearchEvent.Scored(task, 1, scores, List.of(), 0)
                : new SearchEvent.RungReached(
                    task, 1, pause, scores, new Artifact("checkpoint", "c", 1), 0);
        journal.add(end);
        state = state.apply(end);
      }
    }
    return journal;
  }

  private static List<String> trained(List<SearchEvent> journal) {
    List<String> trained = new ArrayList<>();
    for (SearchEvent event : journal) {
      if (event instanceof SearchEvent.Scored scored) {
        trained.add(scored.task().text());
      } else if (event instanceof SearchEvent.RungReached reached) {
        trained.add(reached.task().text() + "@" + reached.epochs());
      }
    }
    return trained;
  }

  @Test
  void theFirstTrialIsTrainedToTheEndAndOneInThreeOfTheOthersGoesOn() {
    // earlier trials are better, at every rung
    List<SearchEvent> journal =
        run(
            settings(Spaces.ACCURACY, 10, Order.DETERMINISTIC),
            new Listener(),
            at -> (20 - at[0]) / 100. + at[1] / 100.);
    assertThat(trained(journal))
        .containsExactly(
            "train-1",
            "train-2@1",
            "train-3@1",
            "train-4@1",
            "train-2-2@3",
            "train-5@1",
            "train-6@1",
            "train-7@1",
            "train-3-2@3",
            "train-8@1",
            "train-9@1",
            "train-10@1",
            "train-4-2@3",
            "train-2-3");
    SearchState state = SearchState.of(settings(Spaces.ACCURACY, 10, Order.DETERMINISTIC), journal);
    assertThat(state.trials().stream().map(Trial::status))
        .filteredOn(status -> status == Trial.Status.SCORED)
        .hasSize(2);
    assertThat(state.counts().stopped()).isEqualTo(8);
    assertThat(state.trial(3).orElseThrow().scorecard().value(Metric.ACCURACY)).hasValue(.2);
    assertThat(state.frontier().members()).extracting(Trial::number).containsExactly(1);
  }

  @Test
  void whenTimeIsOverWhatRunsEndsAndWhatIsPausedStops() {
    SearchSettings settings = settings(Spaces.ACCURACY, 10, Order.DETERMINISTIC);
    List<SearchEvent> journal =
        run(settings, new Listener(), at -> (20 - at[0]) / 100. + at[1] / 100.);
    // trial 2 is to go on, trials 3 and 4 are paused
    List<SearchEvent> early =
        new ArrayList<>(journal.subList(0, 1 + journal.indexOf(promotion(journal, 2))));
    early.add(new SearchEvent.TimeExpired(0));
    SearchState state = SearchState.of(settings, early);
    Proposer fresh = new Proposer(Spaces.wide(), new Listener(), Gate.OPEN);
    List<SearchEvent> rest = fresh.advance(state, 0);
    assertThat(rest).hasSize(2);
    assertThat(rest.get(0))
        .isEqualTo(
            new SearchEvent.Stopped(
                new TaskId(TaskId.Kind.TRAIN, 2, 2), "the search's time is over", 0));
    assertThat(rest.get(1)).isInstanceOf(SearchEvent.Retired.class);
    early.addAll(rest);
    SearchState over = SearchState.of(settings, early);
    assertThat(over.trials()).extracting(Trial::status).doesNotContain(Trial.Status.PAUSED);
    assertThat(over.trial(2).orElseThrow().trained().value(Metric.ACCURACY)).hasValue(.19);
    assertThat(over.phase()).isEqualTo(Phase.MEASURING);
  }

  private static SearchEvent promotion(List<SearchEvent> journal, int trial) {
    return journal.stream()
        .filter(
            event ->
                event instanceof SearchEvent.Promoted promoted && promoted.task().trial() == trial)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void paretoRanksDecideAndThenTheLonelierOne() {
    Goals two =
        new Goals(List.of(new Objective(Metric.ACCURACY), new Objective(Metric.MACS)), List.of());
    Promotions promotions = new Promotions(RUNGS, two);
    promotions.began(0);
    double[][] accuracyAndMacs = {
      {.5, 100}, {.9, 900}, {.4, 200}, {.6, 300}, {.61, 301}, {.7, 500}
    };
    for (int trial = 1; trial <= 6; trial++) {
      promotions.began(1);
      promotions.observe(trial, 1, 1, scored(trial, accuracyAndMacs[trial - 1]));
    }
    assertThat(promotions.next(trial -> true)).hasValue(new Promotions.Promotion(1, 3));
    promotions.promoted(1, 2, 3);
    assertThat(promotions.next(trial -> true)).hasValue(new Promotions.Promotion(2, 3));
    promotions.promoted(2, 2, 3);
    assertThat(promotions.next(trial -> true)).isEmpty();
    // three more that are dominated: the third place is the loneliest in the middle
    for (int trial = 7; trial <= 9; trial++) {
      promotions.observe(trial, 1, 1, scored(trial, .1, 1000));
    }
    assertThat(promotions.next(trial -> true)).hasValue(new Promotions.Promotion(6, 3));
    assertThat(promotions.next(trial -> trial != 6)).isEmpty();
  }

  private static Outcome scored(int trial, double... accuracyAndMacs) {
    Genome genome = Spaces.wide().sample(new java.util.Random(trial));
    return new Outcome.Scored(
        trial,
        genome,
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(accuracyAndMacs[0]))
            .with(Metric.MACS, Measurement.exact(accuracyAndMacs[1])));
  }

  @Test
  void withoutAFullTrainingTheNextTrialIsOne() {
    Promotions promotions = new Promotions(RUNGS, Spaces.ACCURACY);
    assertThat(promotions.first()).isZero();
    promotions.began(0);
    assertThat(promotions.first()).isEqualTo(1);
    promotions.observe(
        1, 1, 0, new Outcome.Stopped(1, Spaces.wide().sample(new java.util.Random(1))));
    assertThat(promotions.first()).isZero();
  }

  @Test
  void controllersLearnWhatRungsForetell() {
    Listener listener = new Listener();
    // errors fall from .5 over .4 to .3, for all alike
    run(
        settings(Spaces.ACCURACY, 5, Order.DETERMINISTIC),
        listener,
        at -> 1 - (at[1] == 1 ? .5 : at[1] == 3 ? .4 : .3) * (1 - at[0] / 100.));
    assertThat(listener.told)
        .containsExactly(
            "observe 1 0.703",
            "observe 2 0.510",
            "observe 3 0.515",
            "observe 4 0.520",
            // trial 4 at the second rung: errors fall by a fifth
            "revise 4 0.616",
            "revise 2 0.608",
            "revise 3 0.612",
            "observe 6 0.620",
            "revise 6 0.620");
  }

  @Test
  void forecastsGoByTheMedianAndLeaveCostsAlone() {
    Forecasts forecasts = new Forecasts(RUNGS);
    Scorecard low = Spaces.value(Spaces.wide().sample(new java.util.Random(3)));
    low = low.with(Metric.ACCURACY, Measurement.exact(.5));
    assertThat(forecasts.of(0, low)).isEqualTo(low);
    for (double factor : new double[] {.8, .1, .6}) {
      forecasts.climbed(0, low, low.with(Metric.ACCURACY, Measurement.exact(1 - .5 * factor)));
    }
    forecasts.climbed(1, low, low.with(Metric.ACCURACY, Measurement.exact(.75)));
    assertThat(forecasts.of(0, low).value(Metric.ACCURACY).orElseThrow())
        .isCloseTo(1 - .5 * .6 * .5, within(1e-12));
    assertThat(forecasts.of(1, low).value(Metric.ACCURACY).orElseThrow())
        .isCloseTo(.75, within(1e-12));
    assertThat(forecasts.of(2, low)).isEqualTo(low);
    assertThat(forecasts.of(0, low).value(Metric.MACS)).isEqualTo(low.value(Metric.MACS));
    Scorecard numbers = Scorecard.EMPTY.with(Metric.MAE, Measurement.exact(4));
    forecasts.climbed(1, numbers, numbers.with(Metric.MAE, Measurement.exact(3)));
    assertThat(forecasts.of(0, numbers).value(Metric.MAE)).hasValue(3);
  }
}
