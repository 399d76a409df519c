package io.skyline.coordinator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.scorecard.BadInputException;
import io.skyline.space.Decision;
import io.skyline.space.SearchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableReaderTest {
  @TempDir private Path folder;

  private NetworkTable read(String text, String... columns) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), text.replace(';', '\n'));
    return TableReader.read(file, Optional.empty(), Set.of(columns));
  }

  @Test
  void readsCharactersAsOneCategoricalDecisionEach() throws IOException {
    NetworkTable table = read("ops,acc;02,.5;12,.75;01,.25", "acc");

    assertThat(table.space().decisions())
        .extracting(Decision::values)
        .containsExactly(List.of("0", "1"), List.of("1", "2"));
    assertThat(table.space().decisions())
        .allMatch(decision -> decision.kind() == Decision.Kind.CATEGORICAL);
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.column("acc")).containsExactly(.5, .75, .25);
    assertThat(table.row(table.space().genome(1, 1).text())).hasValue(1);
    // possible, but in no row
    assertThat(table.row(table.space().genome(1, 0).text())).isEmpty();
  }

  @Test
  void shorterGenomesEndEarly() throws IOException {
    NetworkTable table = read("layers,x;a b,1;a,2;c b d,3", "x");

    SearchSpace space = table.space();
    // a or c; then an end, or b and then an end or d
    assertThat(space.size()).isEqualTo(2 * (1 + 2));
    assertThat(space.genome(0, 0, 1).text()).isEqualTo("word1=a word2=-");
    assertThat(table.row("word1=a word2=-")).hasValue(1);
    assertThat(table.row("word1=a word2=b word3=-")).hasValue(0);
    assertThat(table.row("word1=c word2=b word3=d")).hasValue(2);
  }

  /** In characters a dash is a letter like any other. */
  @Test
  void aDashInGenomesOfOneLengthEndsNone() throws IOException {
    NetworkTable table = read("ops,x;1-2,1;1-3,2;114,3", "x");

    SearchSpace space = table.space();
    assertThat(space.decisions()).allMatch(decision -> decision.when().isEmpty());
    assertThat(space.genome(0, 0, 0).text()).isEqualTo("word1=1 word2=- word3=2");
    assertThat(table.row("word1=1 word2=- word3=2")).hasValue(0);
    assertThat(table.row("word1=1 word2=- word3=3")).hasValue(1);
  }

  @Test
  void aGenomeStandsInOneRow() {
    SearchSpace space = WordSpace.of("s", List.of(List.of("a"), List.of("b")), false).space();
    assertThatThrownBy(
            () ->
                new NetworkTable(
                    space, List.of(space.genome(0), space.genome(0)), Map.of(), Map.of()))
        .hasMessage("'word1=a' stands twice");
  }

  @Test
  void refusesAPlaceOfMoreThanAThousandWords() throws IOException {
    StringBuilder text = new StringBuilder("genome,x");
    for (int i = 0; i <= 1_000; i++) {
      text.append(";a w%d,1".formatted(i));
    }
    assertThatThrownBy(() -> read(text.toString(), "x"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "t.csv:1:1: word2 of the genomes takes 1,001 values without an order, more than 1,000");
    // with an order they may be more
    assertThat(read(text.toString().replace("w", ""), "x").size()).isEqualTo(1_001);
  }

  @Test
  void wordsThatAreNumbersHaveAnOrder() throws IOException {
    NetworkTable table = read("genome,x;16 a,1;8 b,2;128 a,3", "x");

    assertThat(table.space().decisions().get(0).kind()).isEqualTo(Decision.Kind.ORDINAL);
    assertThat(table.space().decisions().get(0).values()).containsExactly("8", "16", "128");
    assertThat(table.space().decisions().get(1).kind()).isEqualTo(Decision.Kind.CATEGORICAL);
  }

  @Test
  void aLearningCurveIsWorthItsLastEpoch() throws IOException {
    NetworkTable table = read("arch,acc_1,acc_2,acc_3;ab,.1,.2,.3;ba,.1,.4,.2", "acc");

    assertThat(table.column("acc")).containsExactly(.3, .2);
    assertThat(table.epochs("acc")).hasValue(3);
  }

  @Test
  void readsTheWholeOfARealTable() {
    NetworkTable table = Tables.read("naap440", Target.parse("maximize acc"));

    assertThat(table.size()).isEqualTo(440);
    assertThat(table.epochs("acc")).hasValue(90);
    assertThat(table.column("acc")[0]).isEqualTo(.587);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ops,acc;01,.5;0,x1;11,|3:3: 'x1' in column acc is no number. Correct it, or remove the row.",
        "ops,\"a\"\"b,\",acc;01,\"1,\",NaN|2:9: 'NaN' in column acc is no number.",
        "ops,acc;01,.5;10,.5;01,.6|4:1: '01' stands in line 2 too. Keep one of them.",
        "ops,acc;01,.5;10|3:3: 1 fields in a table of 2 columns. Give every column a value.",
        "ops,acc;01,.5,7|2:7: 3 fields in a table of 2 columns.",
        "ops,acc; ,.5|2:1: the genome is empty.",
        "ops,acc,ops;01,.5,2|1:9: two columns are called 'ops'. Rename one of them.",
        "code,acc;01,.5|1:1: no column is called genome, ops, arch, architecture, layers. Name the",
        "ops,arch,acc;01,a,.5|1:1: the columns ops and arch may both hold the genome.",
        "ops,acc1;01,.5|1:1: there is no column 'acc'. Did you mean 'acc1'?",
        "ops,acc_1,acc_2,acc_4;01,.5,.5,.5|1:17: the learning curve 'acc' has no epoch 3, but acc_4.",
        "ops,acc|2:1: the table has no rows. Add a row for each trained network.",
        "ops,acc;0,.5;-1,.5|1:1: genomes differ in length, and '-' stands in some of them.",
        "''|1:1: the table is empty. Give it a header and rows."
      })
  void saysWhatIsWrongAndWhere(String text, String message) {
    assertThatThrownBy(() -> read(text, "acc"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("t.csv:" + message);
  }

  @Test
  void refusesTheGenomeAsAnObjective() {
    assertThatThrownBy(() -> read("ops,acc;01,.5", "ops"))
        .hasMessageContaining("t.csv:1:1: 'ops' holds the genome");
  }

  @Test
  void tellsOfTenFaultsAtMost() {
    assertThatThrownBy(() -> read("ops,acc" + ";01,x".repeat(50), "acc"))
        .hasMessageContaining("t.csv:11:4")
        .hasMessageNotContaining("t.csv:12:4");
  }
}
