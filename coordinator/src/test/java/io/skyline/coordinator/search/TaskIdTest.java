package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  @Property
  void textIsReadBack(
      @ForAll TaskId.Kind kind,
      @ForAll @IntRange(min = 1, max = 999_999_999) int trial,
      @ForAll @IntRange(min = 1, max = 9) int round) {
    TaskId task = new TaskId(kind, trial, round);
    assertThat(TaskId.parse(task.text())).contains(task);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "train",
        "train-0",
        "train-01",
        "train-1-1",
        "train-1-0",
        "Train-1",
        "train-1-2-3",
        "train-9999999999",
        "../train-1",
        "train-1 "
      })
  void otherTextIsNoTask(String text) {
    assertThat(TaskId.parse(text)).isEmpty();
  }
}
