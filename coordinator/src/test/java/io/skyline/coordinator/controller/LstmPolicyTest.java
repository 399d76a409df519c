package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class LstmPolicyTest {
  private static final LstmPolicy.Settings SETTINGS = new LstmPolicy.Settings(5, 0.8, 2.5);

  private static LstmPolicy policy(SearchSpace space) {
    LstmPolicy policy = new LstmPolicy(space, SETTINGS, SkipPrior.NONE, new SplittableRandom(4));
    for (int i = 0; i < policy.parameters().length; i++) {
      policy.parameters()[i] *= 8; // far from linear
    }
    return policy;
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    for (SearchSpace space : new SearchSpace[] {Spaces.wide(), Spaces.tiny()}) {
      LstmPolicy policy = policy(space);
      Genome genome = policy.sample(new SplittableRandom(9));
      assertGradient(policy, policy.gradient(genome, 1, 0), () -> policy.logProbability(genome));
      assertGradient(policy, policy.gradient(genome, 0, 1), () -> policy.entropy(genome));
    }
  }

  @Test
  void theSkipPenaltysGradientIsThatOfFiniteDifferences() {
    SkipPrior prior = new SkipPrior(0.3, 0.8);
    LstmPolicy policy = new LstmPolicy(skips(), SETTINGS, prior, new SplittableRandom(4));
    for (int i = 0; i < policy.parameters().length; i++) {
      policy.parameters()[i] *= 8;
    }
    Genome genome = policy.sample(new SplittableRandom(9));
    assertGradient(policy, policy.gradient(genome, 0, 0), () -> -0.8 * policy.divergence(genome));
  }

  @Test
  void thePenaltyAloneBringsSkipsToTheirPriorAndLeavesOthersAlone() {
    SkipPrior prior = new SkipPrior(0.3, 1);
    LstmPolicy policy = new LstmPolicy(skips(), SETTINGS, prior, new SplittableRandom(4));
    AdamAscent ascent = new AdamAscent(policy.parameters(), 0.02);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 400; i++) {
      ascent.step(policy.gradient(policy.sample(random), 0, 0));
    }
    int taken = 0;
    int second = 0;
    for (int i = 0; i < 2_000; i++) {
      Genome genome = policy.sample(random);
      taken += genome.choices().get(1) + genome.choices().get(3);
      second += genome.choices().get(0);
    }
    assertThat(taken / 4_000.).isCloseTo(0.3, within(0.04));
    assertThat(second / 2_000.).isCloseTo(0.5, within(0.2));
  }

  /** Operations and skips in turn. */
  private static SearchSpace skips() {
    return new SearchSpace(
        "skips",
        List.of(
            decision("op1", "a", "b"),
            decision("skip1", "no", "yes"),
            decision("op2", "a", "b"),
            decision("skip2", "no", "yes")));
  }

  private static Decision decision(String name, String... values) {
    return new Decision(name, Decision.Kind.CATEGORICAL, List.of(values), Optional.empty());
  }

  private static void assertGradient(
      LstmPolicy policy, double[] gradient, DoubleSupplier function) {
    double[] parameters = policy.parameters();
    double step = 1e-5;
    int moving = 0;
    for (int i = 0; i < parameters.length; i++) {
      double kept = parameters[i];
      parameters[i] = kept + step;
      double above = function.getAsDouble();
      parameters[i] = kept - step;
      double below = function.getAsDouble();
      parameters[i] = kept;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-7));
      moving += Math.abs(gradient[i]) > 1e-6 ? 1 : 0;
    }
    assertThat(moving).isGreaterThan(parameters.length / 3);
  }

  @Test
  void probabilitiesOfAllGenomesSumToOneAndAreThoseOfSampling() {
    LstmPolicy policy = policy(Spaces.tiny());
    SplittableRandom random = new SplittableRandom(1);
    Map<Genome, Integer> drawn = new HashMap<>();
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      drawn.merge(policy.sample(random), 1, Integer::sum);
    }
    Set<Genome> all = new HashSet<>(drawn.keySet());
    assertThat(all).hasSize(Spaces.tiny().size().intValueExact());
    double sum = 0;
    for (Genome genome : all) {
      double probability = Math.exp(policy.logProbability(genome));
      sum += probability;
      double expected = probability * draws;
      assertThat(drawn.get(genome).doubleValue())
          .isCloseTo(expected, within(5 * Math.sqrt(expected) + 1));
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
  }
}
