package io.skyline.coordinator.actor;

import io.skyline.coordinator.config.InheritSettings;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.config.SharingStrategySettings;
import io.skyline.coordinator.controller.Controller;
import io.skyline.coordinator.controller.ExactCostGate;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.coordinator.controller.SharingProposer;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.LatencyPredictor;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that a search needs to run, resolved and checked.
 *
 * @param name the run's name, unique in its coordinator: {@code fashion-3}
 * @param configYaml the exact config
 * @param settings goals, budget, order
 * @param space what may be built
 * @param data prepared: its splits are stored artifacts
 * @param training for what the space does not decide
 * @param engine that trains: {@code onednn} or {@code dl4j}
 * @param trialLimit how long one training may take
 * @param controller gives fresh ones, all alike
 * @param gate answers infeasible candidates without training
 * @param device whose latencies can be foretold
 * @param runtime what measuring a model's throughput may take; empty if it is not measured
 * @param earlier what is taken from runs before it
 * @param sharing gives fresh proposers of paths and candidates, where weights are shared
 * @param inherit whether children begin with the weights of their parents
 */
public record SearchPlan(
    String name,
    String configYaml,
    SearchSettings settings,
    CandidateSpace space,
    DataCard data,
    TrainingPlan training,
    String engine,
    Duration trialLimit,
    Supplier<Controller> controller,
    Gate gate,
    Optional<LatencyPredictor> device,
    Optional<RuntimeBudget> runtime,
    Optional<Supplier<SharingProposer>> sharing,
    EarlierRuns earlier,
    Optional<InheritSettings> inherit) {
  public SearchPlan {
    if (settings.sharing().isPresent() != sharing.isPresent()) {
      throw new IllegalArgumentException("weights are shared where the settings say so");
    }
    if (settings.goals().mention(Metric.THROUGHPUT) && runtime.isEmpty()) {
      throw new IllegalArgumentException("throughput is a goal, so it has to be measured");
    }
  }

  /** The plan of a search in which every network has weights of its own. */
  public SearchPlan(
      String name,
      String configYaml,
      SearchSettings settings,
      CandidateSpace space,
      DataCard data,
      TrainingPlan training,
      String engine,
      Duration trialLimit,
      Supplier<Controller> controller,
      Gate gate,
      Optional<LatencyPredictor> device,
      Optional<RuntimeBudget> runtime) {
    this(
        name,
        configYaml,
        settings,
        space,
        data,
        training,
        engine,
        trialLimit,
        controller,
        gate,
        device,
        runtime,
        Optional.empty(),
        EarlierRuns.NONE,
        Optional.empty());
  }

  /** The plan of a search that knows nothing of a device, and measures no throughput. */
  public SearchPlan(
      String name,
      String configYaml,
      SearchSettings settings,
      CandidateSpace space,
      DataCard data,
      TrainingPlan training,
      String engine,
      Duration trialLimit,
      Supplier<Controller> controller,
      Gate gate) {
    this(
        name,
        configYaml,
        settings,
        space,
        data,
        training,
        engine,
        trialLimit,
        controller,
        gate,
        Optional.empty(),
        Optional.empty());
  }

  /** This search with something taken from earlier runs. */
  public SearchPlan with(EarlierRuns runs) {
    return with(runs, inherit);
  }

  /** This search with children that inherit. */
  public SearchPlan with(InheritSettings inheriting) {
    return with(earlier, Optional.of(inheriting));
  }

  private SearchPlan with(EarlierRuns runs, Optional<InheritSettings> inheriting) {
    return new SearchPlan(
        name,
        configYaml,
        settings,
        space,
        data,
        training,
        engine,
        trialLimit,
        controller,
        gate,
        device,
        runtime,
        sharing,
        runs,
        inheriting);
  }

  /**
   * The plan of a config.
   *
   * @param name the run's, not the search's
   * @param data of the config's source, prepared
   */
  public static SearchPlan of(String name, SearchConfig config, DataCard data) {
    SearchSettings settings = config.search();
    CandidateSpace space = config.space();
    TrainingPlan training = config.training();
    Function<Genome, Scorecard> costs =
        genome -> CandidateCost.of(space.decode(genome, data, training), config.device());
    Gate gate = new ExactCostGate(settings.goals(), costs);
    return new SearchPlan(
        name,
        config.yaml(),
        settings,
        space,
        data,
        training,
        config.engine().word(),
        config.timeLimit(),
        () -> config.controller().create(space.decisions(), settings.goals(), settings.seed()),
        gate,
        config.device(),
        config.runtime(),
        config.sharing().map(sharing -> sharing(sharing, space, settings, gate, costs)),
        EarlierRuns.NONE,
        config.inherit());
  }

  private static Supplier<SharingProposer> sharing(
      SharingStrategySettings sharing,
      CandidateSpace space,
      SearchSettings settings,
      Gate gate,
      Function<Genome, Scorecard> costs) {
    return () ->
        new SharingProposer(
            space.decisions(),
            sharing.create(space.decisions(), settings.seed()),
            gate,
            genome -> foretold(costs.apply(genome)),
            sharing.goals(),
            settings.seed());
  }

  /** Before a trial, the latency that is foretold stands for the one that is measured. */
  private static Scorecard foretold(Scorecard exact) {
    return Optional.ofNullable(exact.measurements().get(Metric.PREDICTED_LATENCY))
        .map(predicted -> exact.with(Metric.LATENCY, predicted))
        .orElse(exact);
  }

  /** What measuring the throughput of every trial may take; empty where it is no goal. */
  Optional<RuntimeBudget> runtimeInTrials() {
    return runtime.filter(budget -> settings.goals().mention(Metric.THROUGHPUT));
  }

  /** The latency that is foretold for a genome, in its text form, where a device is known. */
  Optional<Measurement> predictedLatency(String genome) {
    return device.map(
        predictor -> predictor.of(space.decode(space.decisions().parse(genome), data, training)));
  }

  SearchEvent.Started started(String build, long atMillis) {
    return new SearchEvent.Started(
        name, configYaml, space.yaml(), data, settings.seed(), build, atMillis);
  }

  Proposer proposer() {
    return sharing.isPresent()
        ? new Proposer(space.decisions(), sharing.get().get(), gate)
        : new Proposer(space.decisions(), controller.get(), gate);
  }

  boolean deterministic() {
    return settings.order() == SearchSettings.Order.DETERMINISTIC;
  }
}
