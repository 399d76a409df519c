package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.SearchEvent;
import java.time.Duration;

/** How much of its budget of time a search has spent, over all its incarnations. */
final class SpentTime {
  private long spentMillis;
  private long lastMillis;

  /** Counts up to an event; the pause before a resumption does not count. */
  void note(SearchEvent event) {
    long at = atMillis(event);
    if (at == 0) {
      return;
    }
    boolean counts =
        !(event instanceof SearchEvent.Resumed || event instanceof SearchEvent.Started);
    if (counts && at > lastMillis) {
      spentMillis += at - lastMillis;
    }
    lastMillis = at;
  }

  Duration spent() {
    return Duration.ofMillis(spentMillis);
  }

  private static long atMillis(SearchEvent event) {
    if (event instanceof SearchEvent.Started e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Resumed e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Proposed e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Leased e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.LeaseEnded e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Scored e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Promoted e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.RungReached e) {
      return e.atMillis();
    } else if (event instanceof SearchEvent.Failed e) {
      return e.atMillis();
    }
    return 0;
  }
}
