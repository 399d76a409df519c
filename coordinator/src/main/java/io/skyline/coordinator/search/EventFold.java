package io.skyline.coordinator.search;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What each event does to a search. */
final class EventFold {
  private EventFold() {}

  static SearchState apply(SearchState state, SearchEvent event) {
    return withFinalPass(changed(state, event));
  }

  private static SearchState changed(SearchState state, SearchEvent event) {
    if (event instanceof SearchEvent.Started e) {
      return state.with(state.origin().started(e));
    } else if (event instanceof SearchEvent.NumericsBound e) {
      return state.with(state.origin().bound(e.fingerprint()));
    } else if (event instanceof SearchEvent.Proposed e) {
      return state
          .with(state.proposals().proposed(e))
          .with(state.archive().plus(e))
          .with(state.tasks().plus(List.of(TaskId.train(e.trial()))));
    } else if (event instanceof SearchEvent.Promoted e) {
      return state
          .with(state.proposals().stepped(e, e.step()))
          .with(state.archive().promoted(e))
          .with(state.tasks().plus(List.of(e.task())));
    } else if (event instanceof SearchEvent.Idled e) {
      return state.with(state.proposals().stepped(e, e.step())).with(state.archive().idled());
    } else if (event instanceof SearchEvent.Retired e) {
      return state.with(state.proposals().stepped(e, e.step())).with(state.archive().retired());
    } else if (event instanceof SearchEvent.Rejected e) {
      return state.with(state.proposals().rejected(e));
    } else if (event instanceof SearchEvent.Learned e) {
      return state.with(state.precedents().plus(e));
    } else if (event instanceof SearchEvent.TimeExpired) {
      return state.with(state.course().expired());
    } else if (event instanceof SearchEvent.NoMoreProposals e) {
      return state.with(state.course().closed(e.reason()));
    } else if (event instanceof SearchEvent.Extended e) {
      return state.with(state.course().extend(e.trials())).with(state.proposals().patient());
    } else if (event instanceof SearchEvent.Cancelled) {
      return state.with(state.course().cancel());
    } else if (event instanceof SearchEvent.Resumed) {
      return state.with(state.course().resume());
    } else if (event instanceof SearchEvent.Ended e) {
      return state.with(state.course().end(e.reason()));
    }
    return ofSharing(state, event);
  }

  private static SearchState ofSharing(SearchState state, SearchEvent event) {
    if (event instanceof SearchEvent.PathDrawn e) {
      return state
          .with(state.sharing().drawn(e))
          .with(state.tasks().plus(List.of(TaskId.share(Math.toIntExact(e.step())))));
    } else if (event instanceof SearchEvent.CandidateDrawn e) {
      return state
          .with(state.sharing().drawn(e))
          .with(state.tasks().plus(List.of(TaskId.evaluate(e.number()))));
    } else if (event instanceof SearchEvent.WeightsMerged e) {
      int lookahead = state.settings().sharing().map(SharingSettings::lookahead).orElse(1);
      return state.with(state.sharing().merged(e, lookahead));
    } else if (event instanceof SearchEvent.CandidatesDerived) {
      return state.with(state.sharing().derived());
    }
    return ofTask(state, event);
  }

  private static SearchState ofTask(SearchState state, SearchEvent event) {
    if (event instanceof SearchEvent.Leased e) {
      Lease lease = new Lease(e.task(), e.attempt(), e.worker(), e.atMillis());
      return isOpen(state, e.task()) ? state.with(state.tasks().leased(lease)) : state;
    } else if (event instanceof SearchEvent.Recalled e) {
      return isOpen(state, e.task()) ? state.with(state.precedents().plus(e)) : state;
    } else if (event instanceof SearchEvent.LeaseEnded e) {
      return isOpen(state, e.task())
          ? state.with(state.tasks().leaseEnded(e.task(), e.attempt(), e.counts()))
          : state;
    } else if (event instanceof SearchEvent.Scored e) {
      return e.task().isShared()
          ? sharedEnded(state, e.task(), Optional.of(e))
          : ended(state, e.task(), trial -> trial.scored(e));
    } else if (event instanceof SearchEvent.RungReached e) {
      return ended(state, e.task(), trial -> trial.reached(e));
    } else if (event instanceof SearchEvent.Failed e) {
      Failure failure = new Failure(e.kind(), e.reason());
      return e.task().isShared()
          ? sharedEnded(state, e.task(), Optional.empty())
          : ended(state, e.task(), trial -> trial.failed(e.task(), failure));
    } else if (event instanceof SearchEvent.Screened e) {
      return ended(state, e.task(), trial -> trial.screened(e));
    } else if (event instanceof SearchEvent.Stopped e) {
      return ended(state, e.task(), trial -> trial.stopped(e.task()));
    }
    throw new IllegalArgumentException("an event of an unknown kind: " + event);
  }

  private static SearchState sharedEnded(
      SearchState state, TaskId task, Optional<SearchEvent.Scored> scored) {
    return isOpen(state, task)
        ? state.with(state.sharing().ended(task, scored)).with(state.tasks().without(task))
        : state;
  }

  private static SearchState ended(SearchState state, TaskId task, UnaryOperator<Trial> change) {
    if (!isOpen(state, task)) {
      return state;
    }
    Trial trial = change.apply(state.trials().get(task.trial() - 1));
    boolean trained = task.kind() == TaskId.Kind.TRAIN;
    return state
        .with(trained ? state.proposals().arrived(trial.ladder().step()) : state.proposals())
        .with(state.archive().changed(trial, task.kind()))
        .with(state.tasks().without(task));
  }

  private static boolean isOpen(SearchState state, TaskId task) {
    if (!state.isKnown(task)) {
      throw new IllegalArgumentException(task.text() + " was never to be done");
    }
    return !state.isTerminal(task);
  }

  /** Once nothing is left to propose and to train, the frontier's members have their turn. */
  private static SearchState withFinalPass(SearchState state) {
    if (state.phase() != Phase.FINISHED) {
      return state;
    }
    return state.with(state.tasks().plus(FinalPasses.next(state.settings(), state.frontier())));
  }
}
