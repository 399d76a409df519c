package io.skyline.worker.train;

import static io.skyline.worker.train.SmallProblem.IMAGE;
import static io.skyline.worker.train.SmallProblem.mixture;
import static io.skyline.worker.train.SmallProblem.plan;
import static io.skyline.worker.train.SmallProblem.stripes;
import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.Regularization;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.network.Network;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that hold of weights through training, whatever layout they lie in. */
class HeldWeightsTest {
  private final OneDnnEngine engine = new OneDnnEngine();
  private final Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);

  /** Every third number stays what it was; nothing else is touched. */
  private static final WeightRule THIRDS =
      (key, initial) -> {
        float[] kept = initial.clone();
        return key.endsWith(".kernel")
            ? new TensorRule() {
              @Override
              public void hold(float[] held) {
                for (int i = 0; i < held.length; i += 3) {
                  held[i] = kept[i];
                }
              }
            }
            : null;
      };

  private Network train(TrainingPlan plan, WeightRule rule) {
    return engine.train(
        start, plan, TrainingSet.of(stripes(64, 2)), rule, 3, TrainingProgress.SILENT);
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void holdsExactlyWhatItSays(Optimizer optimizer) {
    Network trained = train(plan(3, optimizer, 1e-2), THIRDS);
    int moved = 0;
    for (Map.Entry<String, float[]> tensor : start.weights().tensors().entrySet()) {
      if (tensor.getKey().endsWith(".kernel")) {
        float[] after = trained.weights().tensors().get(tensor.getKey());
        for (int i = 0; i < after.length; i++) {
          if (i % 3 == 0) {
            assertThat(after[i]).as("%s %d", tensor.getKey(), i).isEqualTo(tensor.getValue()[i]);
          } else {
            moved += after[i] == tensor.getValue()[i] ? 0 : 1;
          }
        }
      }
    }
    assertThat(moved).isGreaterThan(100);
  }

  @Test
  void aRuleThatDoesNothingChangesNothing() {
    TensorRule idle = held -> {};
    Network free = train(plan(2, Optimizer.ADAM, 1e-2), WeightRule.FREE);
    Network held = train(plan(2, Optimizer.ADAM, 1e-2), (key, initial) -> idleFor(key, idle));
    free.weights()
        .tensors()
        .forEach((key, v) -> assertThat(held.weights().tensors().get(key)).as(key).isEqualTo(v));
  }

  private static @org.jspecify.annotations.Nullable TensorRule idleFor(
      String key, TensorRule idle) {
    return key.endsWith(".kernel") ? idle : null;
  }

  /** Shown are signs of the held numbers, so that every small step is lost unless it is kept. */
  @Test
  void whatIsNotShownIsStillLearned() {
    WeightRule signs =
        (key, initial) ->
            key.endsWith(".kernel")
                ? new TensorRule() {
                  @Override
                  public void hold(float[] held) {}

                  @Override
                  public float[] shown(float[] held) {
                    float[] shown = new float[held.length];
                    for (int i = 0; i < held.length; i++) {
                      shown[i] = held[i] < 0 ? -0.25f : 0.25f;
                    }
                    return shown;
                  }
                }
                : null;
    Network trained = train(plan(6, Optimizer.ADAM, 1e-2), signs);
    int turned = 0;
    for (Map.Entry<String, float[]> tensor : trained.weights().tensors().entrySet()) {
      if (tensor.getKey().endsWith(".kernel")) {
        float[] before = start.weights().tensors().get(tensor.getKey());
        for (int i = 0; i < before.length; i++) {
          assertThat(Math.abs(tensor.getValue()[i])).isEqualTo(0.25f);
          turned += Math.signum(before[i]) == Math.signum(tensor.getValue()[i]) ? 0 : 1;
        }
      }
    }
    assertThat(turned).isGreaterThan(20);
  }

  /** Held is twice what is shown. */
  @Test
  void aTrainingThatHoldsOtherNumbersStartsFromWhatItWasGiven() {
    WeightRule doubles =
        (key, initial) ->
            key.endsWith(".kernel")
                ? new TensorRule() {
                  @Override
                  public void start(float[] tensor) {
                    scale(tensor, 2);
                  }

                  @Override
                  public void hold(float[] held) {}

                  @Override
                  public float[] shown(float[] held) {
                    return scale(held.clone(), 0.5f);
                  }
                }
                : null;
    Network trained = train(plan(1, Optimizer.SGD, 1e-9), doubles);
    float[] after = trained.weights().tensors().get("l0.kernel");
    float[] before = start.weights().tensors().get("l0.kernel");
    assertThat(after).containsExactly(before, org.assertj.core.data.Offset.offset(1e-6f));
  }

  private static float[] scale(float[] numbers, float factor) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factor;
    }
    return numbers;
  }

  @Test
  void averagedWeightsAreShownToo() {
    TrainingPlan base = plan(3, Optimizer.ADAM, 1e-2);
    TrainingPlan averaging =
        new TrainingPlan(
            base.epochs(),
            base.batch(),
            base.optimizer(),
            base.schedule(),
            new Regularization(0, 0, 0, 0.9, 0),
            base.augmentation());
    Network trained = train(averaging, THIRDS);
    float[] before = start.weights().tensors().get("l0.kernel");
    float[] after = trained.weights().tensors().get("l0.kernel");
    for (int i = 0; i < after.length; i += 3) {
      assertThat(after[i]).isEqualTo(before[i], org.assertj.core.data.Offset.offset(1e-7f));
    }
  }
}
