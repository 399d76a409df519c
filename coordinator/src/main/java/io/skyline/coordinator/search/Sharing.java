package io.skyline.coordinator.search;

import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a search has learned with shared weights; immutable.
 *
 * <p>Version d of the weights is that after the update of step d; version 0 is untouched. A step
 * that failed changes nothing. Versions are merged in step order, whenever their updates came.
 */
public final class Sharing implements Parts.Part {
  static final Sharing NONE =
      new Sharing(
          PersistentList.empty(),
          0,
          List.of(),
          PersistentList.empty(),
          0,
          false,
          new Traffic(0, 0));

  private final PersistentList<Path> paths;
  private final long merged;
  private final List<String> versions;
  private final PersistentList<Candidate> candidates;
  private final int settled;
  private final boolean derived;
  private final Traffic traffic;

  private Sharing(
      PersistentList<Path> paths,
      long merged,
      List<String> versions,
      PersistentList<Candidate> candidates,
      int settled,
      boolean derived,
      Traffic traffic) {
    this.paths = paths;
    this.merged = merged;
    this.versions = versions;
    this.candidates = candidates;
    this.settled = settled;
    this.derived = derived;
    this.traffic = traffic;
  }

  /**
   * One step: a network that was trained for some batches.
   *
   * @param choices of its genome
   * @param ended whether its task has its recorded end
   * @param reward on validation data; empty while it has not ended, and if it failed
   * @param update what it adds to the weights, until that is merged
   */
  public record Path(
      List<Integer> choices, boolean ended, Optional<Scorecard> reward, Optional<Artifact> update) {
    public Path {
      choices = List.copyOf(choices);
    }
  }

  /**
   * A network that is scored with the shared weights.
   *
   * @param genome its text form
   * @param ended whether its task has its recorded end
   * @param quality on validation data; empty while it has not ended, and if it failed
   */
  public record Candidate(String genome, boolean ended, Optional<Scorecard> quality) {}

  /**
   * Bytes of weights that workers moved.
   *
   * @param fetched by them
   * @param sent by them
   */
  public record Traffic(long fetched, long sent) {}

  /** The steps from step 1, those that run included. */
  public List<Path> paths() {
    return paths;
  }

  /** The candidates from number 1, those that run included. */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** The newest version of the weights. */
  public long merged() {
    return merged;
  }

  /** Candidates 1 to this one have all ended. */
  public int settled() {
    return settled;
  }

  /** Whether all candidates are scored: trials follow. */
  public boolean isDerived() {
    return derived;
  }

  /** What workers moved of weights. */
  public Traffic traffic() {
    return traffic;
  }

  /**
   * The digest of a version's index; empty for version 0, and for those that nothing needs any
   * more.
   */
  public Optional<String> version(long version) {
    long index = version - (merged - versions.size() + 1);
    return index >= 0 && index < versions.size()
        ? Optional.of(versions.get((int) index))
        : Optional.empty();
  }

  /**
   * The versions from which a step may still start, oldest first, by the digests of their index.
   */
  public List<String> versions() {
    return versions;
  }

  /** The step whose update is to be merged next, if it has come. */
  public Optional<Path> mergeable() {
    return merged < paths.size() && paths.get((int) merged).ended()
        ? Optional.of(paths.get((int) merged))
        : Optional.empty();
  }

  /** Whether the next step may be drawn. */
  boolean canShare(SharingSettings settings) {
    return paths.size() < settings.steps() && paths.size() + 1 - settings.lookahead() <= merged;
  }

  /** Whether the next candidate may be drawn. */
  boolean canDerive(SharingSettings settings, int lookahead) {
    return !derived
        && merged == settings.steps()
        && candidates.size() < settings.candidates()
        && candidates.size() + 1 - lookahead <= settled;
  }

  boolean knows(TaskId task) {
    return task.trial() >= 1
        && task.round() == 1
        && task.trial() <= (task.kind() == TaskId.Kind.SHARE ? paths : candidates).size();
  }

  Sharing drawn(SearchEvent.PathDrawn event) {
    require(event.step() == paths.size() + 1L, "step " + event.step() + " is not the next one");
    Path path = new Path(event.choices(), false, Optional.empty(), Optional.empty());
    return new Sharing(paths.plus(path), merged, versions, candidates, settled, derived, traffic);
  }

  Sharing drawn(SearchEvent.CandidateDrawn event) {
    require(
        event.number() == candidates.size() + 1,
        "candidate " + event.number() + " is not the next one");
    Candidate candidate = new Candidate(event.genome(), false, Optional.empty());
    return new Sharing(
        paths, merged, versions, candidates.plus(candidate), settled, derived, traffic);
  }

  Sharing merged(SearchEvent.WeightsMerged event, int lookahead) {
    require(
        event.step() == merged + 1 && mergeable().isPresent(),
        "version " + event.step() + " is not the next one");
    int index = (int) merged;
    Path path = paths.get(index);
    List<String> window = new ArrayList<>(versions);
    window.add(event.index());
    if (window.size() > lookahead) {
      window.remove(0);
    }
    Path done = new Path(path.choices(), true, path.reward(), Optional.empty());
    return new Sharing(
        paths.replaced(index, done),
        merged + 1,
        List.copyOf(window),
        candidates,
        settled,
        derived,
        traffic);
  }

  Sharing derived() {
    return new Sharing(paths, merged, versions, candidates, settled, true, traffic);
  }

  /** A task of this ended; without numbers if it failed. */
  Sharing ended(TaskId task, Optional<SearchEvent.Scored> scored) {
    Optional<Scorecard> scores = scored.map(SearchEvent.Scored::scorecard);
    Optional<Artifact> update = scored.flatMap(event -> event.artifacts().stream().findFirst());
    Traffic sum =
        new Traffic(
            traffic.fetched() + scored.map(SearchEvent.Scored::fetchedBytes).orElse(0L),
            traffic.sent() + update.map(Artifact::bytes).orElse(0L));
    int index = task.trial() - 1;
    if (task.kind() == TaskId.Kind.SHARE) {
      Path path = new Path(paths.get(index).choices(), true, scores, update);
      return new Sharing(
          paths.replaced(index, path), merged, versions, candidates, settled, derived, sum);
    }
    Candidate candidate = new Candidate(candidates.get(index).genome(), true, scores);
    PersistentList<Candidate> changed = candidates.replaced(index, candidate);
    int prefix = settled;
    while (prefix < changed.size() && changed.get(prefix).ended()) {
      prefix++;
    }
    return new Sharing(paths, merged, versions, changed, prefix, derived, sum);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
