package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Select;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxLint;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ships of learned groups computes what was trained. */
class CondensationTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Examples TRAINING = FashionSlice.of(0, 512);
  private static final Examples UNSEEN = FashionSlice.of(1400, 1600);

  private static Architecture net(int groups, int condensation) {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 16, stride: 2}
            stages:
              - {block: condense, depth: 3, growth: 8, groups: %d, condensation: %d, width: 24}
            recipe: {weights: [fp32, int8]}
            """
                .formatted(groups, condensation),
            "condensed");
    DataCard.Split none = new DataCard.Split("0".repeat(64), 1, 1);
    DataCard card =
        new DataCard(
            "fashion",
            TRAINING.shape(),
            Collections.nCopies(10, "a"),
            List.of(0f),
            List.of(1f),
            none,
            none,
            none);
    Candidate candidate = space.decode(space.decisions().genome(0), card, TrainingPlan.standard(1));
    return candidate.architecture();
  }

  private static Network trained(int groups, int condensation) {
    Network fresh = ENGINE.fresh(net(groups, condensation), FashionSlice.NORMALIZATION, 3);
    return ENGINE.train(fresh, TrainingPlan.standard(2), TRAINING, 5, TrainingProgress.SILENT);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "4, 2", "2, 4", "1, 2", "8, 8"})
  void whatShipsGivesWhatWasTrained(int groups, int condensation) {
    Network trained = trained(groups, condensation);

    Network deployed = Condensation.deployed(trained);

    assertThat(ENGINE.predict(deployed, UNSEEN))
        .containsExactly(ENGINE.predict(trained, UNSEEN), within(1e-5f));
    Architecture foretold = Recipe.NONE.deployed(trained.architecture());
    assertThat(shapes(deployed.architecture())).isEqualTo(shapes(foretold));
  }

  private static List<String> shapes(Architecture architecture) {
    return architecture.nodes().stream()
        .map(node -> node.name() + " " + architecture.shape(node.name()))
        .toList();
  }

  @Test
  void groupsShareInputsAndLeaveOthersOut() {
    List<Select> selects =
        Condensation.deployed(trained(4, 4)).architecture().nodes().stream()
            .filter(node -> node.layer() instanceof Select)
            .map(node -> (Select) node.layer())
            .toList();
    assertThat(selects).hasSize(3);
    assertThat(selects)
        .anySatisfy(
            select ->
                assertThat(select.channels().stream().distinct().count())
                    .isLessThan(select.channels().size()));
  }

  @Test
  void recipesAreDoneOnWhatShips() {
    Network deployed = Condensation.deployed(trained(4, 4));
    Workbench bench =
        Workbench.of(
            ENGINE,
            TrainingPlan.standard(2),
            TrainingSet.of(TRAINING),
            deployed,
            7,
            TrainingProgress.SILENT);
    Recipe recipe =
        new Recipe(List.of(new ChannelPruning(0.5, 1), new Quantization(Precision.INT8)));

    Encoded shipped = Compression.apply(recipe, deployed, bench).encoded();

    Architecture foretold = recipe.deployed(net(4, 4));
    Network likely = ENGINE.fresh(foretold, FashionSlice.NORMALIZATION, 1);
    assertThat(shapes(shipped.network().architecture()))
        .isEqualTo(shapes(BatchNormFolding.fold(likely).architecture()));
    byte[] onnx = OnnxWriter.write(shipped.network(), shipped.encoding());
    assertThat(OnnxLint.problems(onnx)).isEmpty();
    float[] exact = ENGINE.predict(shipped.network(), UNSEEN);
    try (ModelSession session = ModelSession.load(onnx)) {
      float[] integers = session.predict(UNSEEN);
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        sum += Math.abs(integers[i] - exact[i]);
      }
      assertThat(sum / exact.length).isLessThan(0.02);
    }
  }

  @Test
  void aNetworkThatWasNeverTrainedStillShipsInItsForm() {
    Network fresh = ENGINE.fresh(net(4, 4), FashionSlice.NORMALIZATION, 3);
    Network deployed = Condensation.deployed(fresh);
    assertThat(OnnxLint.problems(OnnxWriter.write(deployed, Encoding.FLOAT32))).isEmpty();
    assertThat(shapes(deployed.architecture()))
        .isEqualTo(shapes(Recipe.NONE.deployed(fresh.architecture())));
  }

  @Test
  void aNetworkWithoutLearnedGroupsIsLeftAlone() {
    Network network = Nets.drawn(Nets.small(), 1);
    assertThat(Condensation.deployed(network)).isSameAs(network);
  }
}
