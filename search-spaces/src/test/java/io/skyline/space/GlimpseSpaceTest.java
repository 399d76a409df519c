package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.recipe.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks that look for the place first. */
class GlimpseSpaceTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(3);

  private static final String LOOKING =
      """
      glimpse: {share: [1, 0.5, 0.36], coarse: [2, 4], width: 16}
      stem: {width: 8}
      stages: [{width: 16}]
      """;

  @Test
  void aGlimpseComesFirstAndSeesAShareOfTheImage() {
    CandidateSpace space = SpaceReader.read(LOOKING, "test.yaml");
    Genome genome = space.decisions().parse("glimpse.share=0.36 glimpse.coarse=4");

    Architecture network =
        space.decode(genome, Fashion.card(new Shape(3, 56, 40)), PLAN).architecture();

    assertThat(network.shape("locator_coarse")).isEqualTo(new Shape(3, 14, 10));
    assertThat(network.shape("locator_conv")).isEqualTo(new Shape(16, 14, 10));
    assertThat(network.shape("locator")).isEqualTo(Glimpse.POSITION);
    assertThat(network.shape("glimpse")).isEqualTo(new Shape(3, 20, 14));
    assertThat(network.nodes())
        .filteredOn(node -> node.name().equals("glimpse"))
        .singleElement()
        .satisfies(node -> assertThat(node.inputs()).containsExactly("image", "locator"));
    assertThat(network.nodes())
        .filteredOn(node -> node.inputs().contains("glimpse"))
        .singleElement()
        .satisfies(node -> assertThat(node.name()).startsWith("stem"));
    assertThat(network.nodes())
        .filteredOn(node -> node.layer() instanceof SoftArgmax)
        .singleElement()
        .satisfies(
            node -> assertThat(((SoftArgmax) node.layer()).spread()).isEqualTo(1 / (1 - 0.36)));
  }

  @Test
  void aShareOfOneLooksAtEverythingAndDecidesNothingElse() {
    CandidateSpace space = SpaceReader.read(LOOKING, "test.yaml");

    assertThat(space.decisions().size()).isEqualTo(1 + 2 * 2);
    Genome whole = space.decisions().parse("glimpse.share=1");
    assertThat(space.decode(whole, Fashion.CARD, PLAN).architecture())
        .isEqualTo(
            SpaceReader.read(
                    "{stem: {width: 8}, stages: [{width: 16}], recipe: {weights: [fp32, fp16]}}",
                    "plain.yaml")
                .decode(new Genome(List.of(0), "recipe.weights=fp32"), Fashion.CARD, PLAN)
                .architecture());
  }

  @Test
  void cellsThatWouldLeaveARestOfTheImageUnseenAreRefusedWithTheReason() {
    CandidateSpace space = SpaceReader.read(LOOKING, "test.yaml");
    Genome genome = space.decisions().parse("glimpse.share=0.5 glimpse.coarse=4");

    for (Shape shape : List.of(new Shape(1, 128, 1), new Shape(1, 30, 28))) {
      assertThatThrownBy(() -> space.decode(genome, Fashion.card(shape), PLAN))
          .isInstanceOf(InvalidArchitectureException.class)
          .hasMessage("glimpse: an input of " + shape + " has no whole cells of 4x4");
    }
  }
}
