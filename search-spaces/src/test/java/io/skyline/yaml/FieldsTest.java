package io.skyline.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private final Problems problems = new Problems();

  private static Value read(String text) {
    return Document.read(text.getBytes(StandardCharsets.UTF_8), "x.yaml");
  }

  private Fields fields(String text) {
    return Fields.of("budget", read(text), "budget: {trials: 9}", problems);
  }

  private List<String> found() {
    return problems.found().stream().map(Problem::toString).toList();
  }

  @Test
  void givesWhatIsThereAndDefaultsForWhatIsNot() {
    Fields fields = fields("{trials: 12, rate: 1e-3, flip: false, kind: b}");

    assertThat(fields.integer("trials", 1, 1, 100)).isEqualTo(12);
    assertThat(fields.number("rate", 1, 0, 1)).isEqualTo(0.001);
    assertThat(fields.flag("flip", true)).isFalse();
    assertThat(fields.word("kind", "a", List.of("a", "b"))).isEqualTo("b");
    assertThat(fields.integer("absent", 7, 0, 9)).isEqualTo(7);
    fields.end();
    assertThat(found()).isEmpty();
  }

  @Test
  void saysEverythingThatIsWrongInOrder() {
    Fields fields = fields("trails: 3\ntrials: many\nepochs: 2.5\nrate: 7\nflip: yes\nempty:\n");

    assertThat(fields.integer("trials", 1, 1, 100)).isEqualTo(1);
    assertThat(fields.integer("epochs", 3, 1, 100)).isEqualTo(3);
    assertThat(fields.number("rate", 0.5, 0, 1)).isEqualTo(0.5);
    assertThat(fields.flag("flip", true)).isTrue();
    assertThat(fields.take("empty")).isEmpty();
    fields.end();

    assertThat(found())
        .containsExactly(
            "x.yaml:1:1: unknown key 'trails' in budget. Did you mean 'trials'?",
            "x.yaml:2:9: 'trials' is a number, not 'many'. Write a number between 1 and 100.",
            "x.yaml:3:9: 'epochs' is a whole number, not '2.5'. Write 3.",
            "x.yaml:4:7: 'rate' cannot be 7. Write a number between 0 and 1.",
            "x.yaml:5:7: 'flip' cannot be 'yes'. Known: true, false.",
            "x.yaml:6:1: 'empty' has no value. Give it one, or remove the key.");
  }

  @Test
  void overridesReplaceAddAndPointAtThemselves() {
    Value document = read("budget: {trials: 1}\nname: a\n");

    Value changed =
        Overrides.apply(
            document, List.of("budget.trials=-5", "budget.epochs=[1, 2]", "new.inner=x", "name="));

    assertThat(DocumentWriter.write(changed))
        .isEqualTo(
            """
            budget:
              trials: -5
              epochs: [1, 2]
            name:
            new:
              inner: x
            """);
    Value.Mapping budget =
        (Value.Mapping) ((Value.Mapping) changed).entry("budget").orElseThrow().value();
    assertThat(budget.entry("trials").orElseThrow().value().place())
        .hasToString("--set budget.trials=-5");
  }

  @Test
  void refusesOverridesThatCannotBeApplied() {
    Value document = read("name: a\n");

    assertThatThrownBy(() -> Overrides.apply(document, List.of("budget")))
        .hasMessage("--set budget: is no key=value. Write, for example, --set budget.trials=9.");
    assertThatThrownBy(() -> Overrides.apply(document, List.of("name.inner=3")))
        .hasMessageContaining("--set name.inner=3: 'inner' would stand in 'a'");
    assertThatThrownBy(() -> Overrides.apply(document, List.of("name=[1")))
        .hasMessageContaining("--set name=[1: cannot be read as YAML");
  }

  @Property
  void oneTypingErrorIsForgiven(
      @ForAll @AlphaChars @StringLength(min = 4, max = 20) String word, @ForAll int where) {
    int at = Math.floorMod(where, word.length() - 1);
    String swapped =
        word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
    String dropped = word.substring(0, at) + word.substring(at + 1);

    assertThat(Spelling.distance(word, word)).isZero();
    assertThat(Spelling.distance(word, dropped)).isEqualTo(Spelling.distance(dropped, word));
    assertThat(Spelling.suggest(swapped, List.of("??????????", word)))
        .isEqualTo("Did you mean '" + word + "'?");
    assertThat(Spelling.suggest(dropped, List.of(word))).isEqualTo("Did you mean '" + word + "'?");
  }
}
