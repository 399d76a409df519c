package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.controller.Controller;
import io.skyline.coordinator.controller.Pending;
import io.skyline.coordinator.controller.Proposal;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.search.Outcome;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Defects end their search aloud. */
@Timeout(120)
final class DefectsTest {
  @TempDir Path folder;

  /** Fails at its twelfth proposal. */
  private record Defective(Controller inner) implements Controller {
    @Override
    public Proposal propose(long step, Pending pending) {
      if (step == 12) {
        throw new IllegalStateException("a defect at step 12");
      }
      return inner.propose(step, pending);
    }

    @Override
    public void observe(Outcome outcome) {
      inner.observe(outcome);
    }
  }

  @Test
  void aDefectiveControllerEndsItsSearchAloudAndLeavesTheJournalWhole() throws Exception {
    SearchPlan usual = TinySearch.plan("tiny-1", 30);
    SearchPlan plan =
        new SearchPlan(
            usual.name(),
            usual.configYaml(),
            usual.settings(),
            usual.space(),
            usual.data(),
            usual.training(),
            usual.engine(),
            usual.trialLimit(),
            () -> new Defective(usual.controller().get()),
            usual.gate());
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      server.workers(1);
      assertThatThrownBy(() -> search.completion().get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("a defect at step 12");
      assertThat(JournalReader.read(search.folder())).hasSizeGreaterThan(11);
    }
  }

  /** Gives its text when the search begins, and never again. */
  private static final class ForgetfulSpace implements CandidateSpace {
    private final CandidateSpace inner;
    private final AtomicInteger asked = new AtomicInteger();

    ForgetfulSpace(CandidateSpace inner) {
      this.inner = inner;
    }

    @Override
    public SearchSpace decisions() {
      return inner.decisions();
    }

    @Override
    public Candidate decode(Genome genome, DataCard data, TrainingPlan training) {
      return inner.decode(genome, data, training);
    }

    @Override
    public String yaml() {
      if (asked.incrementAndGet() > 1) {
        throw new UnsupportedOperationException("a defect in describing a task");
      }
      return inner.yaml();
    }
  }

  @Test
  void tellsOfADefectWhereverItShows() throws Exception {
    SearchPlan usual = TinySearch.plan("tiny-1", 30);
    SearchPlan plan =
        new SearchPlan(
            usual.name(),
            usual.configYaml(),
            usual.settings(),
            new ForgetfulSpace(usual.space()),
            usual.data(),
            usual.training(),
            usual.engine(),
            usual.trialLimit(),
            usual.controller(),
            usual.gate());
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      server.workers(1);
      assertThatThrownBy(() -> search.completion().get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("a defect in describing a task");
    }
  }
}
