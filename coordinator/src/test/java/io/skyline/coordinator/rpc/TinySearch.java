package io.skyline.coordinator.rpc;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.controller.Controllers;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A search over a small space whose candidates a {@link FakeWorker} scores by a formula. */
public final class TinySearch {
  public static final SearchSpace SPACE =
      new SearchSpace("tiny", IntStream.range(0, 6).mapToObj(TinySearch::decision).toList());

  private static final DataCard.Split SPLIT = new DataCard.Split("0".repeat(64), 10, 1000);
  static final DataCard DATA =
      new DataCard(
          "tiny",
          new Shape(1, 8, 8),
          List.of("a", "b"),
          List.of(0f),
          List.of(1f),
          SPLIT,
          SPLIT,
          SPLIT);

  private TinySearch() {}

  private static Decision decision(int i) {
    return new Decision(
        "d" + i, Decision.Kind.ORDINAL, List.of("0", "1", "2", "3"), Optional.empty());
  }

  /** Evolution for accuracy and small size, so that what is proposed depends on what was scored. */
  public static SearchPlan plan(String name, int trials) {
    return plan(name, trials, OptionalInt.empty(), "onednn");
  }

  public static SearchPlan plan(String name, int trials, OptionalInt finalEpochs, String engine) {
    Goals goals =
        new Goals(
            List.of(new Objective(Metric.ACCURACY), new Objective(Metric.SIZE)),
            List.of(new Constraint(Metric.SIZE, Constraint.Bound.AT_MOST, 40_000)));
    SearchSettings usual = SearchSettings.of(goals, trials, 7);
    SearchSettings settings =
        new SearchSettings(
            goals,
            usual.budget(),
            8,
            SearchSettings.Order.DETERMINISTIC,
            3,
            finalEpochs,
            false,
            7,
            0);
    return new SearchPlan(
        name,
        "name: tiny",
        settings,
        new Space(),
        DATA,
        TrainingPlan.standard(1),
        engine,
        Duration.ofMinutes(1),
        () ->
            Controllers.named("evolution")
                .orElseThrow()
                .create(Map.of("population", 8.0, "sample", 3.0), SPACE, goals, 7),
        Gate.OPEN);
  }

  /** The same with throughput: measured, and a goal or not. */
  static SearchPlan tuned(SearchPlan plan, RuntimeBudget budget, boolean goal) {
    SearchSettings settings = plan.settings();
    List<Objective> objectives = new ArrayList<>(settings.goals().objectives());
    if (goal) {
      objectives.add(new Objective(Metric.THROUGHPUT));
    }
    Goals goals = new Goals(objectives, settings.goals().constraints());
    return with(
        plan, with(settings, goals, settings.budget()), plan.training(), Optional.of(budget));
  }

  /** The same with another budget. */
  public static SearchPlan within(SearchPlan plan, Budget budget) {
    return with(plan, with(plan.settings(), plan.settings().goals(), budget));
  }

  /** The same with a prefilter. */
  static SearchPlan screened(SearchPlan plan, Prefilter prefilter) {
    return with(plan, plan.settings().with(prefilter));
  }

  /** The same with trainings that pause. */
  public static SearchPlan halved(SearchPlan plan, Halving rungs) {
    TrainingPlan whole = TrainingPlan.standard(rungs.epochs());
    return with(plan, plan.settings().with(rungs), whole, plan.runtime());
  }

  private static SearchSettings with(SearchSettings settings, Goals goals, Budget budget) {
    return new SearchSettings(
        goals,
        budget,
        settings.lookahead(),
        settings.order(),
        settings.maxAttempts(),
        settings.finalEpochs(),
        settings.latencyInTrials(),
        settings.seed(),
        settings.slots());
  }

  private static SearchPlan with(SearchPlan plan, SearchSettings settings) {
    return with(plan, settings, plan.training(), plan.runtime());
  }

  private static SearchPlan with(
      SearchPlan plan,
      SearchSettings settings,
      TrainingPlan training,
      Optional<RuntimeBudget> runtime) {
    return new SearchPlan(
        plan.name(),
        plan.configYaml(),
        settings,
        plan.space(),
        plan.data(),
        training,
        plan.engine(),
        plan.trialLimit(),
        plan.controller(),
        plan.gate(),
        plan.device(),
        runtime,
        plan.sharing(),
        plan.earlier(),
        plan.inherit());
  }

  /** What a genome scores: a pure function, so that every attempt gives the same. */
  public static Scorecard score(String genome) {
    Genome parsed = SPACE.parse(genome);
    double good = 0;
    double size = 2_000;
    for (int i = 0; i < parsed.choices().size(); i++) {
      int choice = parsed.choices().get(i);
      good += (i % 2 == 0 ? choice : 3 - Math.abs(choice - 2)) * (1 + .1 * i);
      size += 1_500.0 * choice * (1 + i % 3);
    }
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(good / 24))
        .with(Metric.SIZE, Measurement.exact(size));
  }

  private record Space() implements CandidateSpace {
    @Override
    public SearchSpace decisions() {
      return SPACE;
    }

    @Override
    public Candidate decode(Genome genome, DataCard data, TrainingPlan training) {
      throw new UnsupportedOperationException("nothing is built here");
    }

    @Override
    public String yaml() {
      return "name: tiny";
    }
  }
}
