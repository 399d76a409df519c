package io.skyline.coordinator.search;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a search has from earlier runs; immutable.
 *
 * @param learned what the controller was told before step 1, in order
 * @param recalled the tasks that earlier runs had done already
 */
record Precedents(
    PersistentList<SearchEvent.Learned> learned, SortedMap<TaskId, SearchEvent.Recalled> recalled)
    implements Parts.Part {
  static final Precedents NONE =
      new Precedents(PersistentList.empty(), Collections.emptySortedMap());

  Precedents plus(SearchEvent.Learned event) {
    return new Precedents(learned.plus(event), recalled);
  }

  Precedents plus(SearchEvent.Recalled event) {
    TreeMap<TaskId, SearchEvent.Recalled> more = new TreeMap<>(recalled);
    more.put(event.task(), event);
    return new Precedents(learned, Collections.unmodifiableSortedMap(more));
  }

  Optional<SearchEvent.Recalled> recalled(TaskId task) {
    return Optional.ofNullable(recalled.get(task));
  }

  /** How many of these trials were not trained here. */
  int trials(List<Trial> all) {
    return (int)
        recalled.keySet().stream()
            .filter(task -> task.kind() == TaskId.Kind.TRAIN)
            .filter(task -> all.get(task.trial() - 1).status() == Trial.Status.SCORED)
            .count();
  }
}
