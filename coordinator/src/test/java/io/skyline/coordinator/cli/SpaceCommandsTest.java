package io.skyline.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SpaceCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void validateSumsUpWhatASearchWouldDo() {
    int code = run(new ValidateCommand(), "../configs/tight.yaml");

    assertThat(code).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains("../configs/tight.yaml: ok")
        .contains("fashion-mini, 1x28x28 images in 10 classes: 8,000 to train")
        .contains("100.0 % of random ones can be built")
        .contains("nsga2, 16 trials of 2 epochs, on 2 local workers")
        .containsPattern("training a candidate takes roughly [2-9](\\.\\d)? s of one core");
  }

  /** The promise of configs/tight.yaml. */
  @Test
  void eachLimitOfTightRejectsBetween30And70Percent() {
    run(new ValidateCommand(), "../configs/tight.yaml");

    assertThat(out.toString().lines().filter(line -> line.contains("rejects")))
        .hasSize(3)
        .allSatisfy(
            line -> {
              int share = Integer.parseInt(line.replaceAll(".*rejects (\\d+) %.*", "$1"));
              assertThat(share).isBetween(30, 70);
            });
  }

  @Test
  void validateGoesOnAfterABrokenConfigAndEndsWith2() {
    String broken = "src/test/resources/io/skyline/coordinator/config/broken/unknown-key.yaml";

    int code = run(new ValidateCommand(), broken, "../configs/random.yaml");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            broken + ":8:1: unknown key 'lookahed' in the config. Did you mean 'lookahead'?\n");
    assertThat(out.toString()).contains("random.yaml: ok").doesNotContain("unknown-key.yaml: ok");
  }

  @Test
  void validateRefusesSpacesAndChangesThatDoNotSuitTheData() {
    String signal = "../configs/signal.yaml";
    assertThat(run(new ValidateCommand(), signal, "--set", "space=mobile")).isEqualTo(2);
    assertThat(run(new ValidateCommand(), signal, "--set", "space={fixed: resnet-20}")).isZero();
    assertThat(run(new ValidateCommand(), "../configs/fashion.yaml", "--set", "space=signal"))
        .isEqualTo(2);
    assertThat(run(new ValidateCommand(), signal, "--set", "training.augmentation.rotation=10"))
        .isEqualTo(2);
    assertThat(run(new ValidateCommand(), "../configs/waves.yaml", "--set", "space=mobile"))
        .isEqualTo(2);
    int code = run(new ValidateCommand(), "../configs/waves.yaml", "--set", "space=signal");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "the space 'mobile' does not suit the data: its windows are square, but the data are"
                + " signals of 2x1x96. Use the space signal, or write input: signal in the space.",
            "the space 'signal' does not suit the data: its windows are one row high, but the data"
                + " are images of 1x28x28. Use a space of images, such as mobile, or write input:"
                + " image in the space.",
            "'rotation' turns images, but the data are signals of 2x1x96. Remove it, or write 0.",
            "one row high, but the data are tables of 32x1x1. Use the space mlp; or, if the values"
                + " follow each other in time, layout: l in data.");
    assertThat(err.toString()).contains("signal.yaml:17:").doesNotContain("resnet-20");
  }

  @Test
  void showsSignalsUnderWindowsOfOneRow() {
    int code = run(new SpacesCommand.Show(), "signal");

    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("100.0 % of 1,000 random candidates can be built for 1x1x128 and 10 classes")
        .containsPattern("stem +conv 1x(5|9|15)( /2)?, norm, relu")
        .containsPattern("depthwise 1x9")
        .doesNotContain("conv 3x3", "pool 2x2", "9x9");
  }

  @Test
  void validateFindsThatNoNetworkOfASpaceFitsTheData(@TempDir Path folder) throws IOException {
    Path space =
        Files.writeString(
            folder.resolve("deep.yaml"),
            """
            stem: {width: [8, 16]}
            stages:
              - {width: 8, downsample: max}
              - {width: 8, downsample: max}
              - {width: 8, downsample: max}
              - {width: 8, downsample: max}
              - {width: 8, downsample: max}
            """);

    int code = run(new ValidateCommand(), "../configs/random.yaml", "--set", "space=" + space);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("--set space=" + space + ": the space 'space' is empty for inputs of 1x28x28")
        .contains("stage5_pool: a window of 2 does not fit a padded height of 1");
  }

  @Test
  void validateRefusesLayersThatTheReferenceEngineCannotTrain(@TempDir Path folder)
      throws IOException {
    String config = Files.readString(Path.of("../configs/condense.yaml"));
    Path file = Files.writeString(folder.resolve("c.yaml"), config + "engine: dl4j\n");

    assertThat(run(new ValidateCommand(), file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            file
                + ":5:8: the engine 'dl4j' cannot train 'condensation': it has no convolution whose"
                + " groups are learned; the space asks for it. Remove it, or write engine:"
                + " onednn.\n");

    String dropping =
        "space: {stem: {width: 8}, stages: [{block: residual, width: 8, drop_path: [0.1, 0.2]}]}";
    Files.writeString(file, config.replace("space: condense", dropping) + "engine: dl4j\n");
    assertThat(run(new ValidateCommand(), file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(":5:8: the engine 'dl4j' cannot train 'drop_path'");
  }

  @Test
  void validateRefusesStepsThatCannotBeDone(@TempDir Path folder) throws IOException {
    String config = Files.readString(Path.of("../configs/random.yaml"));
    String space =
        "{fixed: lenet-5, recipe: [{channel-pruning: {ratio: 0.5}},"
            + " {magnitude-pruning: {share: 0.5, rewinding: ticket}}]}";
    Path file = Files.writeString(folder.resolve("c.yaml"), config);

    assertThat(run(new ValidateCommand(), file.toString(), "--set", "space=" + space)).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "magnitude-pruning(0.5, global, 1 rounds, 1 epochs, ticket) cannot be done: the network"
                + " is no longer the one that the training began with; the space asks for it. Write"
                + " rewinding: none");

    String sharing = "{fixed: lenet-5, recipe: [{weight-sharing: {bits: [4, 5]}}]}";
    String[] dl4j = {file.toString(), "--set", "space=" + sharing, "--set", "engine=dl4j"};
    assertThat(run(new ValidateCommand(), dl4j)).isEqualTo(2);
    assertThat(err.toString())
        .contains("of convolutions, 1 epochs) cannot be done: the engine 'dl4j' holds no weights")
        .contains("Remove it, or write engine: onednn.");

    String taylor = "{fixed: lenet-5, recipe: {pruning: 0.5, criterion: taylor}}";
    String[] refused = {file.toString(), "--set", "space=" + taylor, "--set", "engine=dl4j"};
    assertThat(run(new ValidateCommand(), refused)).isEqualTo(2);
    assertThat(err.toString()).contains("the engine 'dl4j' hands out no gradients");

    String aware = "{fixed: lenet-5, recipe: [{quantization: {to: int8, aware_epochs: 2}}]}";
    String[] also = {file.toString(), "--set", "space=" + aware, "--set", "engine=dl4j"};
    assertThat(run(new ValidateCommand(), also)).isEqualTo(2);
    assertThat(err.toString()).contains("quantization(int8, 2 epochs) cannot be done");
  }

  @Test
  void spacesShowDrawsLearnedGroupsAsTheyShip(@TempDir Path folder) throws IOException {
    Path space =
        Files.writeString(
            folder.resolve("learned.yaml"),
            """
            stem: {width: 16, stride: 2}
            stages: [{block: condense, growth: 8, groups: 4, condensation: 4, width: 24}]
            recipe: {weights: [fp32, int8]}
            """);

    assertThat(run(new SpacesCommand(), "show", space.toString())).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" {2,}", "  ").strip()))
        .anyMatch(
            line -> line.contains("stage1_1_in_index  index of 16 learned channels  16x14x14"))
        .anyMatch(line -> line.contains("stage1_1_in  conv 1x1 in 4 groups, norm, relu  32x14x14"));
  }

  @Test
  void validateRefusesExitsWhereANumberIsToBePredicted(@TempDir Path folder) throws IOException {
    Path table =
        Files.writeString(folder.resolve("t.csv"), "a,price\n" + "1,2\n2,3\n3,5\n".repeat(20));
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            data: {format: csv, train: %s, target: price, task: regression}
            space: exits
            objectives: [maximize r2]
            controller: random
            budget: {trials: 2, epochs: 1}
            """
                .formatted(table));

    assertThat(run(new ValidateCommand(), file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            file
                + ":2:8: the space 'exits' has exits, at which examples leave by their class, but"
                + " the data asks for a number. Remove 'exit' from its stages, or take a space"
                + " without it.\n");
  }

  @Test
  void spacesListsTheCatalog() {
    assertThat(run(new SpacesCommand())).isZero();
    assertThat(out.toString()).contains("mobile").contains("23 decisions, 1.45e+08 genomes");
  }

  @Test
  void spacesShowPrintsDecisionsAndSamplesWithCosts() {
    assertThat(run(new SpacesCommand(), "show", "mobile", "--input", "3x32x32")).isZero();
    assertThat(out.toString())
        .contains("mobile: 144,506,880 genomes")
        .contains("stage1.expansion       2 3  when stage1.block is inverted")
        .contains("recipe.weights         fp32 fp16 int8")
        .contains("100.0 % of 1,000 random candidates can be built for 3x32x32 and 10 classes");
    assertThat(out.toString().lines().filter(line -> line.contains("peak_memory"))).hasSize(3);
    assertThat(out.toString().lines().filter(line -> line.matches(" +image +3x32x32 +param.*")))
        .hasSize(3);
  }

  @Test
  void spacesShowAnswersMistakesWith2() {
    assertThat(run(new SpacesCommand(), "show", "mobyle")).isEqualTo(2);
    assertThat(run(new SpacesCommand(), "show", "mobile", "--input", "28x28")).isEqualTo(2);
    assertThat(run(new SpacesCommand(), "show", "no/such.yaml")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "spaces show: there is no space 'mobyle'. Did you mean 'mobile'?",
            "--input 28x28: is no shape. Write channels x height x width, such as 3x32x32.",
            "no/such.yaml: there is no such file. Check the path.");
  }
}
