package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.recipe.TrainingPlan;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tiny variant of every kind of space, counted by formula, by trying all, and on paper. */
class SpaceSizeTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // two networks, each in three precisions
        "{fixed: [lenet-5, resnet-20], recipe: {weights: [fp32, fp16, int8]}} | 6 | 2",
        // depth 0; or one layer of 3 widths x 2 ranks; or two of those
        "{kind: mlp, hidden: {depth: [0, 1, 2], width: [8, 16, 24], rank: [0, 4]}} | 43 | 43",
        // a fire stage: absent, or two squeezes; a shuffle or plain block with its own groups
        "{stem: {width: 16}, stages: [{block: fire, depth: [0, 1], width: 32, squeeze: [0.25, 0.5]},"
            + " {block: [conv, shuffle-v1, shuffle-v2], width: 32, groups: [1, 2]}]}"
            + " | 15 | 15",
        // no gate, positions, or two reductions for each of the gates that squeeze
        "{stem: {width: 16}, stages: [{width: 32, attention: [none, spatial, se, cbam],"
            + " reduction: [2, 4]}]} | 6 | 6",
        // growth and groups count for dense blocks, drop path for residual ones
        "{stem: {width: 8}, stages: [{block: [dense, condense, residual], width: 16,"
            + " growth: [8, 16], groups: [2, 4], drop_path: [0, 0.1]}]} | 10 | 10",
        // per node (inputs x operations)^2: 4 x 4 for each of two cells
        "{kind: cell, stem: {width: 8}, width: 8, nodes: 1, reductions: 1,"
            + " operations: [sep3, max3]} | 256 | 256",
        // operations^3 x 2^(0 + 1 + 2)
        "{kind: macro, stem: {width: 8}, layers: 3, operations: [conv3, max3]} | 64 | 64",
      })
  void aSpaceIsAsLargeAsItsEnumeration(String yaml, int genomes, int networks) {
    CandidateSpace space = SpaceReader.read(yaml, "tiny.yaml");

    Set<Genome> all = Enumeration.of(space.decisions());

    assertThat(space.decisions().size()).isEqualTo(BigInteger.valueOf(genomes));
    assertThat(all).hasSize(genomes);
    Set<Architecture> distinct = new HashSet<>();
    for (Genome genome : all) {
      distinct.add(decode(space, genome));
    }
    assertThat(distinct).hasSize(networks);
  }

  private static Architecture decode(CandidateSpace space, Genome genome) {
    try {
      return space.decode(genome, Fashion.CARD, PLAN).architecture();
    } catch (InvalidArchitectureException e) {
      throw new AssertionError(genome + " builds nothing", e);
    }
  }

  /** The formulas of Pham et al. 2018 for their own settings. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // (5^2 x i^2) for inputs i = 2..6, twice: (5^5 x 6!)^4
        "{kind: cell, stem: {width: 8}, width: 8, nodes: 5,"
            + " operations: [sep3, sep5, avg3, max3, identity]} | 25628906250000000000000000",
        // 6^12 x 2^(12 x 11 / 2)
        "{kind: macro, stem: {width: 8}, layers: 12,"
            + " operations: [conv3, conv5, sep3, sep5, avg3, max3]}"
            + " | 160618186625454535808756219904"
      })
  void theSpacesOfEnasAreAsLargeAsPublished(String yaml, BigInteger size) {
    assertThat(SpaceReader.read(yaml, "enas.yaml").decisions().size()).isEqualTo(size);
  }
}
