package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Energy;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.LowRankPlan;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class LowRankEnergyTest extends CompressionStepContract {
  private static final SmallFashion FASHION = SmallFashion.of(1);

  @Override
  Step step() {
    return new LowRank(Method.SPATIAL, new Energy(0.5), 0);
  }

  @Override
  double tolerance() {
    return 1e-3;
  }

  /** Only what it is at most is foretold: see {@link #costsAtMostWhatIsForetold}. */
  @Override
  @Test
  void givesTheArchitectureThatTheRecipeForetold() {
    Architecture foretold = new Recipe(List.of(step())).deployed(Nets.small());
    assertThat(foretold).isEqualTo(Nets.small());
  }

  private static Network factored(Network network, Step... steps) {
    return Compression.apply(new Recipe(List.of(steps)), network, FASHION.bench())
        .encoded()
        .network();
  }

  @Test
  void costsAtMostWhatIsForetold() {
    for (Method method : Method.values()) {
      for (double kept : new double[] {0.3, 0.6, 0.8, 0.9, 0.97}) {
        for (List<Step> steps :
            List.<List<Step>>of(
                List.of(new LowRank(method, new Energy(kept), 0)),
                List.of(new LowRank(method, new Energy(kept), 0), new ChannelPruning(0.5, 0)))) {
          Recipe recipe = new Recipe(steps);
          Architecture before = FASHION.trained().architecture();
          Scorecard most =
              CandidateCost.of(new Candidate(before, recipe, TrainingPlan.standard(1)));
          Network made = factored(FASHION.trained(), steps.toArray(Step[]::new));
          Scorecard cost = NetworkCost.of(made.architecture(), Storage.FP32).scorecard();
          for (Metric metric : cost.measurements().keySet()) {
            assertThat(cost.value(metric).orElseThrow())
                .as(recipe.text() + " " + metric)
                .isLessThanOrEqualTo(most.value(metric).orElseThrow());
          }
        }
      }
    }
  }

  @Test
  void moreEnergyTakesMoreWeightsAndKeepsMoreOfTheNetwork() {
    double before = 0;
    long weights = 0;
    for (double kept : new double[] {0.3, 0.6, 0.9}) {
      Network made = factored(FASHION.trained(), new LowRank(Method.CHANNEL, new Energy(kept), 0));
      long now = NetworkCost.of(made.architecture(), Storage.FP32).parameters();
      double accuracy = SmallFashion.accuracy(made);
      System.out.println("energy " + kept + ": " + now + " parameters, accuracy " + accuracy);
      assertThat(now).isGreaterThanOrEqualTo(weights);
      weights = now;
      before = accuracy;
    }
    assertThat(before).isGreaterThan(SmallFashion.accuracy(FASHION.trained()) - 0.05);
    assertThat(weights)
        .isLessThanOrEqualTo(
            NetworkCost.of(FASHION.trained().architecture(), Storage.FP32).parameters());
  }

  /** Each kernel for itself: where training left one flat, its rank is higher. */
  @Test
  void ranksDifferBetweenKernelsOfOneShape() {
    Network network = FASHION.trained();
    LowRankPlan plan = LowRankFactors.byEnergy(network, Method.CHANNEL, 0.6);
    LowRankPlan most = LowRankPlan.most(network.architecture(), Method.CHANNEL);
    assertThat(plan.layers()).isNotEmpty();
    for (Node node : network.architecture().nodes()) {
      LowRankPlan.Factors factors = plan.layers().get(node.name());
      if (factors != null) {
        assertThat(factors.rank()).isBetween(1, most.layers().get(node.name()).rank());
      }
    }
  }
}
