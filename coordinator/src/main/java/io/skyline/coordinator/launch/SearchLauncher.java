package io.skyline.coordinator.launch;

import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.actor.EarlierRuns;
import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.artifact.ArtifactException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.config.EarlierSettings;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.config.SpaceProbe;
import io.skyline.coordinator.config.TeacherFile;
import io.skyline.coordinator.config.TrainingCheck;
import io.skyline.coordinator.data.DataPreparer;
import io.skyline.coordinator.evaluation.EvaluationCache;
import io.skyline.coordinator.evaluation.Evaluations;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.scorecard.Build;
import io.skyline.scorecard.CacheFolder;
import io.skyline.scorecard.DataCard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins and resumes searches among a coordinator's workers. */
public final class SearchLauncher {
  /** Bytes that the models and data of a run's folder, or of a coordinator, may take. */
  public static final long ARTIFACT_QUOTA = 50L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(SearchLauncher.class);

  private final ArtifactStore store;
  private final Coordination coordination;
  private final Consumer<String> notices;

  /**
   * @param store from which workers fetch data and to which they bring models
   * @param coordination that finds workers
   */
  public SearchLauncher(ArtifactStore store, Coordination coordination) {
    this(store, coordination, LOG::warn);
  }

  /**
   * @param notices told what a user should know of the data: bad examples that were skipped
   */
  public SearchLauncher(ArtifactStore store, Coordination coordination, Consumer<String> notices) {
    this.store = store;
    this.coordination = coordination;
    this.notices = notices;
  }

  /**
   * Begins a search in a new run's folder.
   *
   * @throws io.skyline.scorecard.BadInputException if data or space cannot be used
   * @throws IOException if the store cannot take the data or the teachers
   * @throws JournalException if the folder cannot take a journal
   */
  public SearchHandle begin(SearchConfig config, RunFolder run)
      throws IOException, JournalException {
    DataCard data = new DataPreparer(store, notices).prepare(config.data(), config.transfer());
    SpaceProbe probe =
        SpaceProbe.of(
            config.space(),
            data.input(),
            data.outputs(),
            config.training(),
            config.spacePlace(),
            config.device());
    TrainingCheck.check(config, probe, data.input(), data.classes());
    for (TeacherFile teacher : config.teachers()) {
      store(teacher);
    }
    EarlierRuns earlier =
        new EarlierRuns(evaluations(config), WarmStart.read(config, data, notices));
    return coordination.begin(SearchPlan.of(run.name(), config, data).with(earlier), run.path());
  }

  /** Sources that differ from every commit have no name by which to know them again. */
  private Evaluations evaluations(SearchConfig config) {
    EarlierSettings.Evaluations wanted = config.earlier().evaluations();
    boolean nameless = Build.id().endsWith("-dirty") || Build.id().contains("unknown");
    if (nameless && wanted == EarlierSettings.Evaluations.REUSE) {
      notices.accept(
          "Evaluations of earlier runs are not used: build %s is not of a commit"
              .formatted(Build.id()));
    }
    if (nameless || wanted == EarlierSettings.Evaluations.NONE) {
      return Evaluations.NONE;
    }
    Evaluations cache =
        new EvaluationCache(
            CacheFolder.standard().resolve("evaluations"), store, EvaluationCache.USUAL_BOUND);
    return wanted == EarlierSettings.Evaluations.REUSE ? cache : cache.writeOnly();
  }

  private void store(TeacherFile teacher) throws IOException {
    try (InputStream content = Files.newInputStream(teacher.file())) {
      store.put(teacher.teacher().digest(), teacher.teacher().bytes(), content);
    } catch (ArtifactException e) {
      if (e.kind() == ArtifactException.Kind.MISMATCH) {
        throw new IOException(teacher.file() + " has changed since the config was read", e);
      }
      throw e;
    }
  }

  /**
   * Goes on with the search of a run, from the config and the data that it began with.
   *
   * @throws JournalException if the folder holds no search or another process has it
   */
  public SearchHandle resume(RunFolder run, Resumption resumption) throws JournalException {
    StoredRun stored = StoredRun.read(run);
    SearchPlan plan =
        SearchPlan.of(run.name(), stored.config(), stored.started().data())
            .with(new EarlierRuns(evaluations(stored.config()), List.of()));
    return coordination.resume(plan, run.path(), resumption);
  }
}
