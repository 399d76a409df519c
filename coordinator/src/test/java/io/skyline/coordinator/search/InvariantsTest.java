package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.scorecard.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private static final SearchSettings SETTINGS = SearchStateTest.settings(2, OptionalInt.empty());
  private static final TaskId TRAIN = TaskId.train(1);

  private static List<SearchEvent> journal(SearchEvent... more) {
    List<SearchEvent> events = new ArrayList<>();
    events.add(Samples.started());
    events.add(new SearchEvent.Proposed(1, 1, "g1", 0));
    events.addAll(List.of(more));
    return events;
  }

  private static SearchEvent scored() {
    return SearchStateTest.scored(TRAIN, Samples.scores(.5, 100, 100));
  }

  @Test
  void aGoodJournalBreaksNothing() {
    assertThat(Invariants.check(SETTINGS, journal(scored()), Set.of(TRAIN))).isEmpty();
  }

  @Test
  void findsASecondEnd() {
    SearchEvent failed = new SearchEvent.Failed(TRAIN, 1, FailureKind.CRASHED, "", 0);
    assertThat(Invariants.check(SETTINGS, journal(scored(), failed)))
        .containsExactly("I1: train-1 ended twice");
  }

  @Test
  void findsATrialWithoutOutcomeInASearchThatIsOver() {
    assertThat(Invariants.check(SETTINGS, journal(new SearchEvent.Ended("", 0))))
        .containsExactly("I1: trial 1 has no outcome, and the search is over");
  }

  @Test
  void findsALostAcknowledgedReport() {
    assertThat(Invariants.check(SETTINGS, journal(), Set.of(TRAIN)))
        .containsExactly("I3: a report of train-1 was acknowledged and is not journalled");
  }

  @Test
  void findsTooManyAttempts() {
    List<SearchEvent> events = journal();
    for (int attempt = 1; attempt <= 3; attempt++) {
      events.add(new SearchEvent.Leased(TRAIN, attempt, "w", 0));
      events.add(new SearchEvent.LeaseEnded(TRAIN, attempt, "", true, 0));
    }
    assertThat(Invariants.check(SETTINGS, events))
        .containsExactly("I4: train-1 was lost more often than it may be tried");
  }

  @Test
  void findsAnOverspentBudgetUnlessItWasExtended() {
    SearchEvent second = new SearchEvent.Proposed(2, 2, "g2", 0);
    SearchEvent third = new SearchEvent.Proposed(3, 3, "g3", 0);
    assertThat(Invariants.check(SETTINGS, journal(second, third)))
        .containsExactly("I6: trial 3 exceeds the budget of 2");
    assertThat(Invariants.check(SETTINGS, journal(second, new SearchEvent.Extended(1, 0), third)))
        .isEmpty();
  }

  @Test
  void findsEventsThatCannotFollow() {
    assertThat(Invariants.check(SETTINGS, journal(new SearchEvent.Proposed(5, 2, "g", 0))))
        .containsExactly("order: step 5 is not the one after 1");
  }
}
