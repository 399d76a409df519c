package io.skyline.coordinator.launch;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.search.Failure;
import io.skyline.coordinator.search.Frontier;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Ladder;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.Trial;
import io.skyline.cost.CandidateCost;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;
import io.skyline.yaml.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what earlier runs found out about candidates of a search's space.
 *
 * <p>An outcome counts if its genome, by the names of its decisions and values, is one of this
 * space and means the same candidate in both: the same layers, recipe and training. It must have
 * every number that is a goal now. The data and the plan of training must be the same, or what came
 * out then would mislead; seed, build, objectives, limits and controller may differ.
 */
final class WarmStart {
  private final SearchConfig config;
  private final DataCard data;
  private final Map<String, SearchEvent.Learned> byGenome = new LinkedHashMap<>();

  private WarmStart(SearchConfig config, DataCard data) {
    this.config = config;
    this.data = data;
  }

  /**
   * The outcomes, by run and trial; of a genome the first.
   *
   * @param notices told how many were taken and left out
   * @throws io.skyline.yaml.InvalidDocumentException if a run is of other data or another training,
   *     or none of its trials fits
   * @throws JournalException if a run cannot be read
   */
  static List<SearchEvent.Learned> read(
      SearchConfig config, DataCard data, Consumer<String> notices) throws JournalException {
    Map<RunFolder, StoredRun> runs = new LinkedHashMap<>();
    for (Path run : config.earlier().runs()) {
      RunFolder folder = RunFolder.open(run);
      runs.put(folder, StoredRun.read(folder));
    }
    return of(config, data, runs, notices);
  }

  /** The same of runs that are read. */
  static List<SearchEvent.Learned> of(
      SearchConfig config,
      DataCard data,
      Map<RunFolder, StoredRun> runs,
      Consumer<String> notices) {
    WarmStart warm = new WarmStart(config, data);
    runs.forEach((run, stored) -> warm.take(run, stored, notices));
    List<SearchEvent.Learned> learned = List.copyOf(warm.byGenome.values());
    return config.earlier().retrain() ? marked(learned, config.search().goals()) : learned;
  }

  private void take(RunFolder run, StoredRun stored, Consumer<String> notices) {
    requireSameTask(run, stored);
    int ended = 0;
    int strange = 0;
    int incomplete = 0;
    for (Trial trial : stored.state().trials()) {
      if (!teaches(trial)) {
        continue;
      }
      ended++;
      Optional<Scorecard> exact = exactCosts(trial.genome(), stored);
      if (exact.isEmpty()) {
        strange++;
        continue;
      }
      boolean scored = trial.status() == Trial.Status.SCORED;
      Scorecard scorecard = scored ? trial.trained().with(exact.get()) : Scorecard.EMPTY;
      if (scored && !hasGoals(scorecard)) {
        incomplete++;
        continue;
      }
      Optional<Failure> failure = scored ? Optional.empty() : trial.failure();
      byGenome.putIfAbsent(
          trial.genome(),
          new SearchEvent.Learned(
              run.name() + "/" + trial.number(), trial.genome(), scorecard, failure, false));
    }
    int taken = ended - strange - incomplete;
    String left =
        "%d are no candidates of this space, %d lack a goal's number"
            .formatted(strange, incomplete);
    if (taken == 0) {
      refuse(
          "of the %d outcomes of %s none can be used: %s".formatted(ended, run.path(), left),
          "Name a run of this space, or remove it from warm_start.");
    }
    notices.accept(
        "Warm start from %s: %d outcomes%s"
            .formatted(run.path(), taken, taken == ended ? "" : "; left out: " + left));
    Goals goals = config.search().goals();
    if (goals.mention(Metric.LATENCY) || goals.mention(Metric.THROUGHPUT)) {
      notices.accept("  Its latencies are those of then: they help if this is the same machine.");
    }
  }

  /**
   * Scored, or diverged, which says something of the candidate; other failures were a machine's.
   */
  private static boolean teaches(Trial trial) {
    return trial.status() == Trial.Status.SCORED
        || trial.failure().map(Failure::kind).filter(FailureKind.DIVERGED::equals).isPresent();
  }

  private void requireSameTask(RunFolder run, StoredRun stored) {
    DataCard theirs = stored.started().data();
    boolean sameData =
        theirs.train().digest().equals(data.train().digest())
            && theirs.validation().digest().equals(data.validation().digest())
            && theirs
                .unlabelled()
                .map(DataCard.Split::digest)
                .equals(data.unlabelled().map(DataCard.Split::digest));
    if (!sameData) {
      refuse(
          "%s learned other data: %s (training split %s), and this search %s (%s)"
              .formatted(
                  run.path(),
                  theirs.name(),
                  theirs.train().digest().substring(0, 12),
                  data.name(),
                  data.train().digest().substring(0, 12)),
          "Remove it from warm_start.");
    }
    if (!stored.config().training().equals(config.training())) {
      int then = stored.config().training().epochs();
      int now = config.training().epochs();
      refuse(
          run.path()
              + (then == now
                  ? " trained with other settings than this search"
                  : " trained for %d epochs a trial, and this search for %d".formatted(then, now))
              + ", so its numbers cannot be compared",
          "Use its budget.epochs and training, or remove it from warm_start.");
    }
  }

  private void refuse(String what, String suggestion) {
    Problems problems = new Problems();
    problems.add(config.earlier().place(), what, suggestion);
    problems.throwIfAny();
  }

  /** What is exact about a genome, if it means the same candidate in both spaces. */
  private Optional<Scorecard> exactCosts(String text, StoredRun stored) {
    try {
      Candidate here = decode(config.space(), text);
      return here.equals(decode(stored.config().space(), text))
          ? Optional.of(CandidateCost.of(here, config.device()))
          : Optional.empty();
    } catch (IllegalArgumentException | InvalidArchitectureException e) {
      return Optional.empty(); // it is no genome of this space, or cannot be built
    }
  }

  private Candidate decode(CandidateSpace space, String text) {
    Genome genome = space.decisions().parse(text);
    return space.decode(genome, data, config.training());
  }

  private boolean hasGoals(Scorecard scorecard) {
    Goals goals = config.search().goals();
    return goals.costs(scorecard).isPresent()
        && goals.constraints().stream()
            .allMatch(constraint -> scorecard.value(constraint.metric()).isPresent());
  }

  /** Those on the frontier of all, by the present goals, are to be trained again. */
  private static List<SearchEvent.Learned> marked(List<SearchEvent.Learned> learned, Goals goals) {
    Frontier frontier = Frontier.empty(goals);
    for (int i = 0; i < learned.size(); i++) {
      SearchEvent.Learned one = learned.get(i);
      if (one.failure().isEmpty()) {
        frontier = frontier.plus(trial(i + 1, one));
      }
    }
    List<SearchEvent.Learned> marked = new ArrayList<>();
    for (int i = 0; i < learned.size(); i++) {
      SearchEvent.Learned one = learned.get(i);
      marked.add(
          new SearchEvent.Learned(
              one.source(),
              one.genome(),
              one.scorecard(),
              one.failure(),
              frontier.contains(i + 1)));
    }
    return marked;
  }

  private static Trial trial(int number, SearchEvent.Learned one) {
    return new Trial(
        number,
        number,
        one.genome(),
        Trial.Status.SCORED,
        one.scorecard(),
        one.scorecard(),
        List.of(),
        Optional.empty(),
        List.of(),
        new Ladder(number, 0, List.of()));
  }
}
