package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpaceReaderTest {
  static List<String> catalog() {
    return Catalog.names();
  }

  @ParameterizedTest
  @MethodSource("catalog")
  void everySpaceOfTheCatalogReads(String name) {
    assertThat(Catalog.space(name).decisions().name()).isEqualTo(name);
  }

  @Test
  void theCatalogSuggestsANeighbour() {
    assertThatThrownBy(() -> Catalog.space("mobil"))
        .hasMessage("the catalog has no space 'mobil'. Did you mean 'mobile'?");
  }

  @Test
  void rangesAreWrittenOut() {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: {from: 8, to: 64, factor: 2}}
            stages: [{width: {from: 16, to: 48, step: 16}, kernel: [3, 5]}]
            """,
            "s.yaml");

    assertThat(space.decisions().decisions().stream().map(Decision::values))
        .containsExactly(
            List.of("8", "16", "32", "64"), List.of("3", "5"), List.of("16", "32", "48"));
    assertThat(space.decisions().decisions()).allMatch(d -> d.kind() == Decision.Kind.ORDINAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "stem: {width: 12}|s.yaml:1:15: 'width' goes in steps of 8, not '12'. Write 16.",
        "stem: {width: []}|s.yaml:1:15: 'width' has no values to choose from. List one.",
        "stem: {width: [8, 8]}|s.yaml:1:19: 'width' lists 8 twice. Remove one of them.",
        "stem: {width: 8, kernal: 3}|s.yaml:1:18: unknown key 'kernal' in stem. Did you mean 'kernel'?",
        "stem: {width: 8, kernel: 4}|s.yaml:1:26: 'kernel' cannot be '4'. Known: 1, 3, 5, 7.",
        "stem: {}|s.yaml:1:7: stem needs 'width'. Write, for example, width: [16, 32].",
        "stem: {width: {from: 8, to: 16}}|s.yaml:1:15: the range 'width' needs either a step or a factor. Write, for example, {from: 8, to: 32, step: 8}.",
        "stem: {width: {from: 8, to: 32, step: 4}}|s.yaml:1:15: the range 'width' reaches 12, but goes in steps of 8. Choose a step that is a multiple of 8.",
        "stem: {width: {from: 32, to: 8, step: 8}}|s.yaml:1:15: the range 'width' is empty: it ends before it begins. Swap 'from' and 'to'."
      })
  void pointsAtWhatIsWrong(String stem, String message) {
    assertThatThrownBy(() -> SpaceReader.read(stem + "\nstages: [{width: [8, 16]}]\n", "s.yaml"))
        .hasMessage(message);
  }

  @Test
  void reportsEverythingAtOnce() {
    assertThatThrownBy(
            () ->
                SpaceReader.read(
                    """
                    kind: stage
                    stem: {width: 8}
                    stages:
                      - {width: [8, 16], block: [conv, depthwise], expansion: 4}
                      - 7
                    recipe: {weights: int88}
                    """,
                    "s.yaml"))
        .isInstanceOfSatisfying(
            InvalidDocumentException.class,
            e ->
                assertThat(e.problems().stream().map(Problem::toString))
                    .containsExactly(
                        "s.yaml:1:7: 'kind' cannot be 'stage'. Did you mean 'stages'?",
                        "s.yaml:4:36: 'block' cannot be 'depthwise'. Known: conv, separable,"
                            + " inverted, residual, bottleneck, fire, shuffle-v1, shuffle-v2,"
                            + " dense, condense.",
                        "s.yaml:4:59: 'expansion' is never used: stage1 has no inverted block."
                            + " Remove it, or add 'inverted' to block.",
                        "s.yaml:5:5: stage2 is a group of keys, not '7'. Write, for example,"
                            + " {depth: [1, 2], block: conv, width: [16, 32]}.",
                        "s.yaml:6:19: 'weights' cannot be 'int88'. Did you mean 'int8'?"));
  }

  @Test
  void kernelsDependOnWhatTheSpaceLooksAt() {
    String stages = "\nstem: {width: 8, kernel: 9}\nstages: [{width: [8, 16]}]\n";

    assertThat(SpaceReader.read("input: signal" + stages, "s.yaml").input())
        .contains(InputKind.SIGNAL);
    assertThatThrownBy(() -> SpaceReader.read("input: image" + stages, "s.yaml"))
        .hasMessageStartingWith("s.yaml:2:26: 'kernel' cannot be '9'.");
    assertThatThrownBy(() -> SpaceReader.read("input: signals" + stages, "s.yaml"))
        .hasMessageStartingWith("s.yaml:1:8: 'input' cannot be 'signals'. Did you mean 'signal'?");
    assertThatThrownBy(
            () -> SpaceReader.read(("input: signal" + stages).replace("9", "8"), "s.yaml"))
        .hasMessageStartingWith("s.yaml:2:26: 'kernel' cannot be '8'.");
  }

  @Test
  void aSpaceHasSomethingToDecide() {
    assertThatThrownBy(() -> SpaceReader.read("stem: {width: 8}\nstages: [{width: 8}]", "s.yaml"))
        .hasMessageStartingWith("s.yaml:1:1: the space 'space' is empty: it leaves nothing");
    assertThatThrownBy(() -> SpaceReader.read("stem: {width: 8}\nstages: []", "s.yaml"))
        .hasMessageStartingWith("s.yaml:2:9: the space is empty: it has no stage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "glimpse: {width: 8}|s.yaml:1:10: glimpse needs 'share'. Write, for example, share: [1, 0.5].",
        "glimpse: {share: 0}|s.yaml:1:18: 'share' cannot be 0. Write a number between 0.05 and 1.",
        "glimpse: {share: 1}|s.yaml:1:10: a glimpse whose 'share' is 1 sees the whole image. Leave 'glimpse' out, or let 'share' be less than 1 as well: [1, 0.5].",
        "glimpse: {share: 0.5, coarse: 3}|s.yaml:1:31: 'coarse' cannot be '3'. Known: 2, 4, 8.",
        "glimpse: {share: 0.5, width: 4}|s.yaml:1:30: 'width' cannot be 4. Write a number between 8 and 64.",
        "glimpse: {share: 0.5, size: 14}|s.yaml:1:23: unknown key 'size' in glimpse. Known: share, coarse, width.",
        "glimpse: 0.5|s.yaml:1:10: glimpse is a group of keys, not '0.5'. Write, for example, glimpse: {share: [1, 0.5]}."
      })
  void pointsAtWhatIsWrongWithAGlimpse(String glimpse, String message) {
    assertThatThrownBy(
            () ->
                SpaceReader.read(
                    glimpse + "\nstem: {width: 8}\nstages: [{width: [8, 16]}]\n", "s.yaml"))
        .hasMessage(message);
  }
}
