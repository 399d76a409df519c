package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PersistentListProperties {
  @Property(tries = 50)
  void equalsAnArrayListAfterAnyChangesAndLeavesOldVersionsAlone(
      @ForAll @IntRange(max = 3000) int changes, @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> model = new ArrayList<>();
    PersistentList<Integer> list = PersistentList.empty();
    List<Integer> modelThen = List.of();
    PersistentList<Integer> then = list;
    for (int i = 0; i < changes; i++) {
      if (i == changes / 2) {
        modelThen = List.copyOf(model);
        then = list;
      }
      if (model.isEmpty() || random.nextInt(4) > 0) {
        model.add(i);
        list = list.plus(i);
      } else {
        int index = random.nextInt(model.size());
        model.set(index, -i);
        list = list.replaced(index, -i);
      }
    }
    assertThat(list).isEqualTo(model);
    assertThat(then).isEqualTo(modelThen);
  }

  @Example
  void holdsMoreThanThreeLevels() {
    PersistentList<Integer> list = PersistentList.empty();
    for (int i = 0; i < 40_000; i++) {
      list = list.plus(i);
    }
    PersistentList<Integer> changed = list.replaced(33_333, -1);
    assertThat(changed.get(33_333)).isEqualTo(-1);
    assertThat(changed.get(33_334)).isEqualTo(33_334);
    assertThat(list.get(33_333)).isEqualTo(33_333);
    assertThatThrownBy(() -> changed.get(40_000)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
