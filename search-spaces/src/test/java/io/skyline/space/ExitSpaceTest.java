package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks that may be left early. */
class ExitSpaceTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(3);

  private static final CandidateSpace EXITS =
      SpaceReader.read(
          """
          name: leaving
          stem: {width: 16}
          stages:
            - {depth: [0, 1], width: 16, exit: [no, yes]}
            - {downsample: max, width: 24, exit: yes}
            - {downsample: max, width: 32}
          recipe: {pruning: [0, 0.5]}
          """,
          "leaving");

  private static Architecture leaving(String genome) {
    return EXITS.decode(EXITS.decisions().parse(genome), Fashion.CARD, PLAN).architecture();
  }

  @Test
  void anExitClassifiesWhatItsStageMadeAndTheNextStageReadsThat() {
    Architecture network = leaving("stage1.depth=1 stage1.exit=yes recipe.pruning=0");

    assertThat(network.exits()).containsExactly("stage1_exit", "stage2_exit");
    // 28 / 7 and 14 / 3 rows and columns of averages
    assertThat(network.shape("stage1_exit_pool")).isEqualTo(new Shape(16, 4, 4));
    assertThat(network.shape("stage2_exit_pool")).isEqualTo(new Shape(24, 4, 4));
    assertThat(network.shape("stage1_exit")).isEqualTo(new Shape(10, 1, 1));
    assertThat(network.nodes())
        .filteredOn(node -> node.inputs().contains("stage1_1_act"))
        .extracting(node -> node.name())
        .containsExactly("stage1_exit_pool", "stage2_pool");
    assertThat(EXITS.mayExitEarly()).isTrue();
    assertThat(Catalog.space("mobile").mayExitEarly()).isFalse();
  }

  @Test
  void exitsAreDecidedWhereTheirStageIs() {
    assertThat(leaving("stage1.depth=1 stage1.exit=no recipe.pruning=0").exits())
        .containsExactly("stage2_exit");
    assertThat(leaving("stage1.depth=0 recipe.pruning=0").exits()).containsExactly("stage2_exit");
    // (left out, or there with or without an exit) x pruning
    assertThat(EXITS.decisions().size()).isEqualTo(6);
  }

  @Test
  void pruningKeepsExitsAndTheirClasses() {
    Candidate candidate =
        EXITS.decode(
            EXITS.decisions().parse("stage1.depth=1 stage1.exit=yes recipe.pruning=0.5"),
            Fashion.CARD,
            PLAN);
    Architecture deployed = candidate.recipe().deployed(candidate.architecture());

    assertThat(deployed.exits()).containsExactly("stage1_exit", "stage2_exit");
    assertThat(deployed.shape("stage2_exit")).isEqualTo(new Shape(10, 1, 1));
    assertThat(deployed.shape("stage2_exit_pool")).isEqualTo(new Shape(16, 4, 4));
    assertThat(CandidateCost.of(candidate).value(Metric.PARAMETERS).orElseThrow())
        .isEqualTo(NetworkCost.of(deployed, Storage.FP32).parameters());
  }

  @Test
  void anExitNeedsAStageBehindItThatIsAlwaysThere() {
    for (String last : List.of("{width: 16, exit: [no, yes]}", "{width: 16, exit: yes}")) {
      assertThatThrownBy(
              () ->
                  SpaceReader.read(
                      "stem: {width: [8, 16]}\nstages:\n  - {width: 8}\n  - " + last + "\n",
                      "s.yaml"))
          .hasMessage(
              "s.yaml:4:5: an exit of stage2 needs a later stage whose depth is never 0."
                  + " Remove 'exit', or take 0 from the depth of a later stage.");
    }
    assertThatThrownBy(
            () ->
                SpaceReader.read(
                    "stem: {width: 8}\nstages: [{width: 8, exit: [no, yes]}, {width: 8, depth: [0,"
                        + " 1]}]\n",
                    "s.yaml"))
        .hasMessageContaining("an exit of stage1 needs a later stage");
    assertThatThrownBy(
            () ->
                SpaceReader.read(
                    "stem: {width: [8, 16]}\nstages: [{width: 8, exit: maybe}, {width: 8}]\n",
                    "s.yaml"))
        .hasMessage("s.yaml:2:27: 'exit' cannot be 'maybe'. Known: no, yes.");
  }
}
