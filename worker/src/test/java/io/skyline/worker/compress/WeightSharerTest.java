package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.WeightSharing;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightSharerTest extends CompressionStepContract {
  @Override
  Step step() {
    return new WeightSharing(3, 4, 1);
  }

  @Override
  double tolerance() {
    return 1e-3;
  }

  @Test
  void fewValuesAreLeftAfterTrainingThem() {
    Examples training = FashionSlice.of(0, 1400);
    TrainingPlan plan = TrainingPlan.standard(4);
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    Network trained = ENGINE.train(fresh, plan, training, 1, TrainingProgress.SILENT);
    Workbench bench =
        Workbench.of(ENGINE, plan, TrainingSet.of(training), fresh, 2, TrainingProgress.SILENT);
    Network raw = shared(new WeightSharing(2, 3, 0), trained, bench);
    Network tuned = shared(new WeightSharing(2, 3, 2), trained, bench);
    for (Node node : tuned.architecture().nodes()) {
      float[] kernel = tuned.weights().tensors().get(Weights.key(node, "kernel"));
      if (kernel != null) {
        int values = node.layer() instanceof Dense ? 4 : 8;
        assertThat(values(kernel)).as(node.name()).hasSizeLessThanOrEqualTo(values);
      }
    }
    assertThat(changed(raw, tuned)).isTrue();
    assertThat(accuracy(tuned, training)).isGreaterThan(accuracy(raw, training) + 0.02);
  }

  private static double accuracy(Network network, Examples examples) {
    return Quality.leading(ENGINE.predict(network, examples), examples);
  }

  private static Network shared(WeightSharing sharing, Network trained, Workbench bench) {
    return CompressionStep.of(sharing).apply(Encoded.trained(trained), bench).network();
  }

  private static boolean changed(Network one, Network other) {
    Map<String, float[]> others = other.weights().tensors();
    return one.weights().tensors().entrySet().stream()
        .anyMatch(
            tensor -> !java.util.Arrays.equals(tensor.getValue(), others.get(tensor.getKey())));
  }

  private static Set<Float> values(float[] kernel) {
    Set<Float> values = new HashSet<>();
    for (float weight : kernel) {
      values.add(weight);
    }
    return values;
  }
}
