package io.skyline.coordinator.search;

import java.util.Optional;

/**
 * What a search began with.
 *
 * @param started its inputs, once journalled
 * @param numerics the numeric fingerprint that its workers must have, once bound
 */
record Origin(Optional<SearchEvent.Started> started, Optional<String> numerics)
    implements Parts.Part {
  static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty());

  Origin started(SearchEvent.Started event) {
    return new Origin(Optional.of(event), numerics);
  }

  Origin bound(String fingerprint) {
    return new Origin(started, Optional.of(fingerprint));
  }
}
