package io.skyline.coordinator.config;

import io.skyline.coordinator.data.DataSource;
import io.skyline.coordinator.data.UnlabelledSource;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.cost.LatencyPredictor;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.space.CandidateSpace;
import io.skyline.yaml.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that a user says about a search, read and checked; docs/config.md describes the keys.
 *
 * @param name of the search; the run's folder begins with it
 * @param data what is learned
 * @param space what may be built
 * @param spacePlace where the config names the space, for problems that show only with the data
 * @param controller who proposes
 * @param search objectives, constraints, budget, order
 * @param training for what the space does not decide; its epochs are the budget's
 * @param teachers files that the training learns from
 * @param transfer examples without labels that they teach on
 * @param classWeightsPlace where the config sets them, for problems that show only with the data
 * @param augmentationPlace the same of the changes of examples
 * @param localWorkers processes to spawn; empty to wait for workers that join
 * @param engine that trains
 * @param timeLimit of one task
 * @param device for which latencies are foretold
 * @param runtime what measuring a model's throughput may take; empty if it is not measured
 * @param earlier what is taken from runs before it
 * @param sharing how paths of shared weights are drawn, if weights are shared; the controller then
 *     proposes nothing
 * @param inherit whether children begin with the weights of their parents
 * @param yaml the config with overrides applied, paths absolute, the space and the device profile
 *     written out: read anywhere, it is this config
 */
public record SearchConfig(
    String name,
    DataSource data,
    CandidateSpace space,
    Place spacePlace,
    ControllerSettings controller,
    SearchSettings search,
    TrainingPlan training,
    List<TeacherFile> teachers,
    Optional<UnlabelledSource> transfer,
    Place classWeightsPlace,
    Place augmentationPlace,
    OptionalInt localWorkers,
    TrainingEngine engine,
    Duration timeLimit,
    Optional<LatencyPredictor> device,
    Optional<RuntimeBudget> runtime,
    EarlierSettings earlier,
    Optional<SharingStrategySettings> sharing,
    Optional<InheritSettings> inherit,
    String yaml) {
  public SearchConfig {
    teachers = List.copyOf(teachers);
  }
}
