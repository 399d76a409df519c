package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Lease;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.Samples;
import io.skyline.coordinator.search.Screening;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A search without actors: workers that finish in random order, die, and report twice; a
 * coordinator that crashes and recovers from its journal. Evaluation is a function of the genome.
 */
final class SimulatedSearch {
  private final SearchSettings settings;
  private final SearchSpace space;
  private final Supplier<Proposer> proposers;
  private final int workers;
  private final Random random;
  private final double trouble;
  private final List<SearchEvent> journal = new ArrayList<>();
  private SearchState state;
  private Proposer proposer;

  /**
   * @param trouble the chance of each kind of trouble at each report
   */
  SimulatedSearch(
      SearchSettings settings,
      SearchSpace space,
      Supplier<Controller> controllers,
      Gate gate,
      int workers,
      long seed,
      double trouble) {
    this(
        settings,
        space,
        () -> new Proposer(space, controllers.get(), gate),
        workers,
        seed,
        trouble);
  }

  SimulatedSearch(
      SearchSettings settings,
      SearchSpace space,
      Supplier<Proposer> proposers,
      int workers,
      long seed,
      double trouble) {
    this.settings = settings;
    this.space = space;
    this.proposers = proposers;
    this.workers = workers;
    this.random = new Random(seed);
    this.trouble = trouble;
    this.state = SearchState.initial(settings);
    this.proposer = proposers.get();
    journal(Samples.started());
  }

  private void journal(SearchEvent event) {
    journal.add(event);
    state = state.apply(event);
  }

  /** What an earlier run found out; before the first turn. */
  SimulatedSearch learning(List<SearchEvent.Learned> learned) {
    learned.forEach(this::journal);
    return this;
  }

  /** Runs to the end; gives the journal. */
  List<SearchEvent> run() {
    for (int turn = 0; state.phase() != Phase.ENDED; turn++) {
      assertThat(turn).as("turns until the end").isLessThan(20_000);
      propose();
      lease();
      merge();
      if (!state.leases().isEmpty()) {
        report(state.leases().get(random.nextInt(state.leases().size())));
      }
      if (random.nextDouble() < trouble) {
        crash();
      }
    }
    return journal;
  }

  /** Goes on with more trials, in the same process or in a new one. */
  List<SearchEvent> extend(int trials, boolean recovered) {
    journal(new SearchEvent.Extended(trials, 0));
    if (recovered) {
      crash();
    }
    return run();
  }

  SearchState state() {
    return state;
  }

  private void propose() {
    while (true) {
      List<SearchEvent> events = proposer.advance(state, 0);
      if (events.isEmpty()) {
        return;
      }
      events.forEach(this::journal);
    }
  }

  private void lease() {
    while (state.leases().size() < workers && !state.openTasks().isEmpty()) {
      TaskId task = state.openTasks().get(0);
      journal(new SearchEvent.Leased(task, state.nextAttempt(task), "w" + journal.size(), 0));
      propose();
    }
  }

  private void report(Lease lease) {
    TaskId task = lease.task();
    if (random.nextDouble() < trouble && state.attemptsLost(task) + 1 < settings.maxAttempts()) {
      state
          .failed(task, lease.attempt(), FailureKind.WORKER_LOST, "killed", 0)
          .forEach(this::journal);
      return;
    }
    if (random.nextDouble() < trouble) {
      journal(new SearchEvent.LeaseEnded(task, lease.attempt(), "drained", false, 0));
      return;
    }
    SearchEvent event = evaluate(task, lease.attempt());
    journal(event);
    if (random.nextDouble() < trouble) {
      SearchState before = state;
      assertThat(state.isTerminal(task)).isTrue();
      assertThat(state.apply(event).counts()).isEqualTo(before.counts());
    }
  }

  /** Merges what has come, sometimes later. */
  private void merge() {
    while (state.sharing().mergeable().isPresent() && random.nextDouble() >= trouble) {
      Sharing sharing = state.sharing();
      String before = sharing.version(sharing.merged()).orElse("none");
      String update = sharing.mergeable().get().update().map(Artifact::digest).orElse("none");
      String after =
          update.equals("none") ? before : Integer.toHexString((before + update).hashCode());
      journal(new SearchEvent.WeightsMerged(sharing.merged() + 1, after, 0));
      propose();
    }
  }

  /** The reward and the update depend on the version that a step starts from. */
  private SearchEvent share(TaskId task, int attempt) {
    Sharing sharing = state.sharing();
    boolean evaluates = task.kind() == TaskId.Kind.EVALUATE;
    SharingSettings sharingSettings = settings.sharing().orElseThrow();
    long version = evaluates ? sharingSettings.steps() : task.trial() - sharingSettings.lookahead();
    String weights = sharing.version(version).orElse("none");
    Genome genome =
        evaluates
            ? space.parse(sharing.candidates().get(task.trial() - 1).genome())
            : space.genome(
                sharing.paths().get(task.trial() - 1).choices().stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
    int hash = Math.floorMod((genome.text() + weights).hashCode(), 1000);
    if (hash < 50) {
      return new SearchEvent.Failed(task, attempt, FailureKind.DIVERGED, "nan", 0);
    }
    double accuracy = Spaces.value(genome).value(Metric.ACCURACY).orElseThrow() + hash * 1e-5;
    Scorecard scores = Scorecard.EMPTY.with(Metric.ACCURACY, Measurement.exact(accuracy));
    Artifact update = new Artifact("update", genome.digest() + weights + task.text(), 10);
    return new SearchEvent.Scored(
        task, attempt, scores, evaluates ? List.of() : List.of(update), 0);
  }

  private SearchEvent evaluate(TaskId task, int attempt) {
    if (task.isShared()) {
      return share(task, attempt);
    }
    Genome genome = space.parse(state.trials().get(task.trial() - 1).genome());
    Scorecard untrained = untrained(genome);
    if (task.kind() == TaskId.Kind.TRAIN && !Screening.of(state, task).passes(untrained)) {
      return new SearchEvent.Screened(task, attempt, untrained, 0);
    }
    int hash =
        Math.floorMod(
            genome.text().hashCode() * 31 + task.kind().ordinal() + 700 * (task.round() - 1), 1000);
    if (hash < 100) {
      return new SearchEvent.Failed(task, attempt, FailureKind.DIVERGED, "nan", 0);
    }
    int pause = state.trials().get(task.trial() - 1).ladder().target();
    if (task.kind() == TaskId.Kind.TRAIN && pause > 0) {
      Scorecard young =
          Spaces.value(genome)
              .with(Metric.ACCURACY, Measurement.exact(atRung(genome, pause)))
              .with(latency(100 + hash % 90, true));
      return new SearchEvent.RungReached(
          task, attempt, pause, young, new Artifact("checkpoint", "ab" + pause, 100), 0);
    }
    Scorecard scores =
        switch (task.kind()) {
          case SHARE, EVALUATE -> throw new AssertionError("no task of a trial");
          case TRAIN -> Spaces.value(genome).with(latency(100 + hash % 90, true)).with(untrained);
          // mostly better, sometimes worse than before
          case REFIT ->
              Spaces.value(genome)
                  .with(Metric.ACCURACY, Measurement.exact(hash / 1000.))
                  .with(latency(100 + hash % 80, true));
          case MEASURE -> latency(100 + hash % 70 + task.round(), hash % 3 > 0);
          case TEST -> Scorecard.EMPTY.with(Metric.TEST_ACCURACY, Measurement.exact(hash / 1000.));
        };
    return new SearchEvent.Scored(task, attempt, scores, List.of(), 0);
  }

  /** A score that tells something, and one that tells nothing, where a prefilter asks for them. */
  private Scorecard untrained(Genome genome) {
    int noise = Math.floorMod(genome.text().hashCode() * 13, 100);
    double accuracy = Spaces.value(genome).value(Metric.ACCURACY).orElseThrow();
    Scorecard all =
        Spaces.value(genome)
            .with(Metric.SYNFLOW, Measurement.exact(accuracy + noise / 500.))
            .with(Metric.JACOBIAN_COVARIANCE, Measurement.exact(-noise));
    return settings.prefilter().map(filter -> filter.of(all)).orElse(Scorecard.EMPTY);
  }

  /** Young networks are worse, and not in the order of grown ones. */
  private static double atRung(Genome genome, int epochs) {
    double noise = Math.floorMod(genome.text().hashCode() * 17, 100) / 100.;
    double grown = Spaces.value(genome).value(Metric.ACCURACY).orElseThrow();
    return grown * (1 - 1. / (1 + epochs)) + noise / (4 * epochs);
  }

  private static Scorecard latency(double microseconds, boolean confident) {
    return Scorecard.EMPTY.with(Metric.LATENCY, new Measurement(microseconds, .02, confident));
  }

  private void crash() {
    SearchState recovered = SearchState.of(settings, journal);
    assertThat(recovered.trials()).isEqualTo(state.trials());
    assertThat(recovered.leases()).isEqualTo(state.leases());
    assertThat(recovered.steps()).isEqualTo(state.steps());
    assertThat(recovered.sharing().paths()).isEqualTo(state.sharing().paths());
    assertThat(recovered.sharing().versions()).isEqualTo(state.sharing().versions());
    assertThat(recovered.openTasks()).isEqualTo(state.openTasks());
    assertThat(recovered.frontier().members()).isEqualTo(state.frontier().members());
    state = recovered;
    proposer = proposers.get();
  }

  /** What must not depend on workers, order and crashes. */
  static List<Object> result(SearchState state) {
    return List.of(
        state.trials().stream().map(SimulatedSearch::stripped).toList(),
        state.steps(),
        state.frontier().members().stream().map(Trial::number).toList(),
        state.sharing().paths(),
        state.sharing().versions(),
        state.sharing().candidates());
  }

  private static List<Object> stripped(Trial trial) {
    return List.of(
        trial.step(),
        trial.genome(),
        trial.status(),
        trial.trained(),
        trial.scorecard(),
        trial.ends(),
        trial.ladder());
  }
}
