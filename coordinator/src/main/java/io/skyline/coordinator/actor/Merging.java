package io.skyline.coordinator.actor;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.sharing.WeightMerger;
import io.skyline.sharing.SharedLayout;
import io.skyline.space.Genome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the updates of shared weights merged in step order, one at a time, and hears of each; a part
 * of {@link SearchActor}, on whose thread it lives. What fails is tried again: a merge of the same
 * step gives the same version.
 */
final class Merging {
  private static final Logger LOG = LoggerFactory.getLogger(Merging.class);
  private static final Duration REST = Duration.ofSeconds(5);

  private final ActorContext<SearchCommand> context;
  private final TimerScheduler<SearchCommand> timers;
  private final SearchPlan plan;
  private final Optional<WeightMerger> merger;

  /** The step that is merged now, or was last. */
  private long asked;

  Merging(
      ActorContext<SearchCommand> context,
      TimerScheduler<SearchCommand> timers,
      SearchPlan plan,
      Optional<WeightMerger> merger) {
    this.context = context;
    this.timers = timers;
    this.plan = plan;
    this.merger = merger;
  }

  /** After a failure of the journal: what was merged may not be in it. */
  void forget() {
    asked = 0;
  }

  /** Asks for the next merge if its update has come. */
  void advance(SearchState state) {
    long step = state.sharing().merged() + 1;
    Optional<Sharing.Path> next = state.sharing().mergeable();
    if (merger.isEmpty() || next.isEmpty() || asked >= step || !state.isSharing()) {
      return;
    }
    asked = step;
    Supplier<SharedLayout> layout = () -> layout(next.get());
    context.pipeToSelf(
        merger.get().merge(step, layout, next.get().update()),
        (index, failure) ->
            failure == null
                ? new SearchCommand.Merged(step, index)
                : new SearchCommand.MergeFailed(step, failure.toString()));
  }

  private SharedLayout layout(Sharing.Path path) {
    int[] choices = path.choices().stream().mapToInt(Integer::intValue).toArray();
    Genome genome = plan.space().decisions().genome(choices);
    return SharedLayout.of(
        plan.space().decode(genome, plan.data(), plan.training()).architecture());
  }

  void failed(SearchCommand.MergeFailed failed) {
    LOG.warn(
        "the shared weights of step {} could not be merged; trying again: {}",
        failed.step(),
        failed.reason());
    asked = 0;
    timers.startSingleTimer(new SearchCommand.MergeAgain(), REST);
  }

  /**
   * Removes what no step needs any more, now that a merge is journalled.
   *
   * @param update that was merged
   */
  void collect(SearchState state, Optional<Artifact> update) {
    int lookahead = plan.settings().sharing().map(SharingSettings::lookahead).orElse(1);
    merger.ifPresent(weights -> weights.collect(state.sharing().merged() + 1 - lookahead, update));
  }
}
