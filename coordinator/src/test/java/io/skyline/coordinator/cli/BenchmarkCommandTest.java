package io.skyline.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchmarkCommandTest {
  @TempDir private Path folder;
  private Path table = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeTable() throws IOException {
    StringBuilder text = new StringBuilder("arch,acc,flops,test,same,curve_1,curve_2\n");
    for (int i = 0; i < 27; i++) {
      int ones = i / 9 + i / 3 % 3 + i % 3;
      text.append("%d%d%d,%d,%d,.%d,7,.1,.%d\n".formatted(i / 9, i / 3 % 3, i % 3, i, ones, i, i));
    }
    table = Files.writeString(folder.resolve("t.csv"), text);
  }

  private int run(String... options) {
    CommandLine command = CoordinatorMain.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("benchmark", "search", "--table", table.toString()));
    all.addAll(List.of(options));
    return command.execute(all.toArray(String[]::new));
  }

  @Test
  void printsRegretAndReportedColumns() {
    int code =
        run(
            "--objectives=maximize acc",
            "--controller=random,nsga2:population=5",
            "--seeds=3",
            "--budget=27",
            "--checkpoints=1,27",
            "--report=test",
            "--format=csv");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .hasSize(1 + 2 * 2 * 2)
        .contains("random,\"regret, acc\",27,3,27,0,0,0,,")
        .contains("nsga2:population=5,test of the incumbent,27,3,27,0.26,0,0,0,0");
  }

  @Test
  void printsHypervolumesOfTwoObjectives() {
    int code =
        run(
            "--objectives=maximize acc, minimize flops",
            "--controller=random",
            "--seeds=2",
            "--budget=27",
            "--checkpoints=6,27",
            "--reference=acc=10");

    assertThat(code).isZero();
    List<String> rows = out.toString().lines().filter(row -> row.contains("random ")).toList();
    assertThat(out.toString())
        .contains("box hypervolume (more is better)", "loose hypervolume (more is better)");
    assertThat(rows).hasSize(2).allMatch(row -> row.endsWith("  1.000 +- 0.000 (0.000)"));
    // at six trials the box, which the reference cuts, is another share
    assertThat(rows).doesNotHaveDuplicates().noneMatch(row -> row.contains("random  1.000"));
  }

  @Test
  void saysThatSearchesEndedEarly() throws IOException {
    table = Files.writeString(folder.resolve("few.csv"), "arch,acc\n01,1\n10,2\n00,3\n");
    assertThat(run("--objectives=maximize acc", "--controller=random", "--seeds=2")).isZero();
    assertThat(out.toString())
        .contains("random found no more than 3.0 networks at 50 trials, on average");
  }

  @Test
  void saysThatASearchFoundNothing() throws IOException {
    StringBuilder text = new StringBuilder("arch,acc\n");
    for (int i = 0; i < 10; i++) {
      text.append(String.valueOf(i).repeat(12)).append(",1\n");
    }
    table = Files.writeString(folder.resolve("sparse.csv"), text);
    assertThat(run("--objectives=maximize acc", "--controller=random")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--controller random: with seed 0 none of 1,000 proposals in a row is in the")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maximize acc,minimize flops|--reference=acc=26|--reference: acc=26.0 is no worse than the"
            + " table's best, 26.0.",
        "maximize acc,minimize flops|--reference=flops=-1|--reference: flops=-1.0 is no worse than"
            + " the table's best, 0.0.",
        "maximize acc,minimize flops|--reference=acc=25|--reference: no network of the table is"
            + " better than the worst that counts in every objective.",
        "maximize acc,minimize same|--seeds=2|--objectives: 'same' is the same in all rows"
      })
  void saysWhereAHypervolumeIsNotDefined(String objectives, String option, String message) {
    assertThat(run("--objectives=" + objectives, "--controller=random", option)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("Exception");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aCurveIsScoredByItsLastEpoch() {
    assertThat(run("--objectives=maximize curve", "--curves", "--controller=random")).isZero();
    assertThat(out.toString()).contains("regret, curve", "20", "40");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=2|--halving: rungs from 2 by 3 do not lead to 2 epochs.",
        "eta|--halving: 'eta' is no setting. Write, for example, from=3,eta=3.",
        "from=0|--halving: 'from=0' is no setting."
      })
  void saysWhichRungsAreNone(String halving, String message) {
    int code =
        run(
            "--objectives=maximize curve",
            "--curves",
            "--controller=random",
            "--halving=" + halving);
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void halvingPaysInEpochs() {
    int code =
        run(
            "--objectives=maximize curve",
            "--curves",
            "--halving=from=1,eta=2",
            "--controller=random",
            "--seeds=2",
            "--budget=27");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("random  0.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--objectives=acc|--objectives: 'acc' is no objective. Write, for example, 'maximize acc1,",
        "--objectives=maximize acc,maximize acc|--objectives: 'acc' stands twice.",
        "--objectives=maximize ac|t.csv:1:1: there is no column 'ac'. Did you mean 'acc'?",
        "--controller=nsga|--controller: there is no 'nsga'. Did you mean 'nsga2'?",
        "--controller=:|--controller: there is no ''.",
        "--controller=nsga2:|--controller: '' is no setting.",
        "--controller=nsga2:population=1e400|population is a whole number from 2 to 10000, not Infinity",
        "--controller=nsga2:popsize=2|--controller nsga2:popsize=2: controller 'nsga2' has no setting",
        "--controller=nsga2:population|--controller: 'population' is no setting.",
        "--controller=nsga2:population=1|population is a whole number from 2 to 10000, not 1",
        "--halving|--halving: it pauses trainings along learning curves. Add --curves.",
        "--seeds=0|--seeds: it is at least 1.",
        "--lookahead=0|--lookahead: it is at least 1.",
        "--budget=0|--budget: trials are counted from 1 to the budget of 0.",
        "--checkpoints=101|--checkpoints: trials are counted from 1 to the budget of 100.",
        "--curves|--curves: 'acc' is a column, not a learning curve.",
        "--reference=flops=1|--reference: 'flops' is no objective.",
        "--reference=acc=1|--reference: a single objective has no hypervolume.",
        "--report=tests|t.csv:1:1: there is no column 'tests'. Did you mean 'test'?"
      })
  void saysWhatIsWrongWithAnOption(String option, String message) {
    List<String> options = new ArrayList<>(List.of(option));
    if (!option.startsWith("--objectives")) {
      options.add("--objectives=maximize acc");
    }
    if (!option.startsWith("--controller")) {
      options.add("--controller=random");
    }

    assertThat(run(options.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("Exception", "Usage");
    assertThat(out.toString()).isEmpty();
  }
}
