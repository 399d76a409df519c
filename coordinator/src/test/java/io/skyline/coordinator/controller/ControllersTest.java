package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ControllersTest {
  private static Controller create(String name, Map<String, Double> settings) {
    return Controllers.named(name).orElseThrow().create(settings, Spaces.wide(), Spaces.TWO, 1);
  }

  @Test
  void areKnownByName() {
    assertThat(Controllers.all().stream().map(ControllerType::name))
        .containsExactly("random", "evolution", "nsga2", "reinforce", "two-stage", "surrogate");
    assertThat(create("random", Map.of())).isInstanceOf(RandomSearch.class);
    assertThat(create("evolution", Map.of())).isInstanceOf(RegularizedEvolution.class);
    assertThat(create("nsga2", Map.of("population", 8.))).isInstanceOf(Nsga2.class);
    assertThat(Controllers.named("nsga3")).isEmpty();
  }

  @Test
  void sayWhichSettingIsWrongAndWhatWouldBeRight() {
    assertThatThrownBy(() -> create("evolution", Map.of("popsize", 8.)))
        .hasMessage("controller 'evolution' has no setting 'popsize'; it has [population, sample]");
    assertThatThrownBy(() -> create("nsga2", Map.of("crossover", 1.5)))
        .hasMessage("crossover is a number from 0 to 1, not 1.5");
    assertThatThrownBy(() -> create("nsga2", Map.of("population", 8.5)))
        .hasMessage("population is a whole number from 2 to 10000, not 8.5");
    assertThatThrownBy(() -> create("nsga2", Map.of("mutations", Double.NaN)))
        .hasMessageContaining("mutations is a number");
    assertThatThrownBy(() -> create("evolution", Map.of("population", 4.)))
        .hasMessage("a sample of 5 does not fit a population of 4");
    // the first by name, in whatever order they are given
    for (String[] order : new String[][] {{"a", "b", "c"}, {"c", "b", "a"}}) {
      Map<String, Double> unknown = new LinkedHashMap<>();
      Stream.of(order).forEach(name -> unknown.put(name, 1.));
      assertThatThrownBy(() -> create("nsga2", unknown)).hasMessageContaining("no setting 'a'");
    }
    assertThatThrownBy(() -> create("nsga2", Map.of("population", 1e300)))
        .hasMessage("population is a whole number from 2 to 10000, not 1.0E300");
  }
}
