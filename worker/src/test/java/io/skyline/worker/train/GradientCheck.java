package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.provider.Arguments;

/** The engine against finite differences of a double-precision reference, relative 1e-3. */
final class GradientCheck {
  private static final double TOLERANCE = 1e-3;
  private static final int BATCH = 5;
  private static final int PROBES = 12;

  private GradientCheck() {}

  /** A stem, so that the layers under test hand a gradient on; the layers; a head. */
  static Arguments inner(String name, int channels, Layer... layers) {
    return inner(name, channels, 9, layers);
  }

  static Arguments inner(String name, int channels, int extent, Layer... layers) {
    List<Layer> all = new ArrayList<>();
    all.add(new Convolution(channels, 3, 1, 1, 1, true));
    all.addAll(Arrays.asList(layers));
    all.add(new Flatten());
    all.add(new Dense(4, true));
    return Arguments.of(name, Nets.chain(new Shape(3, extent, extent), all.toArray(new Layer[0])));
  }

  /** Logits, loss and some derivatives of every tensor in a first training step. */
  static void gradients(Architecture architecture) {
    gradients(architecture, UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param disturbance of what the engine gives, to try the check itself
   */
  static void gradients(
      Architecture architecture, UnaryOperator<OneDnnEngine.LossAndGradients> disturbance) {
    Network network = Nets.network(architecture, 11);
    Examples examples = Nets.examples(architecture.input(), BATCH, architecture.classes(), 5);
    double smoothing = 0.1;

    var actual = disturbance.apply(new OneDnnEngine().gradients(network, examples, smoothing));

    var reference = new DoubleReference(architecture, network.weights(), BATCH, true);
    double[] images = Nets.normalised(network, examples);
    assertClose("logits", 0, reference.logits(images), DoubleReference.toDouble(actual.logits()));
    double largest = largest(actual.gradients());
    double loss = reference.loss(images, examples.labels(), smoothing);
    assertThat(actual.loss()).isCloseTo(loss, Offset.offset(1e-4 * loss));
    SplittableRandom random = new SplittableRandom(3);
    for (Map.Entry<String, float[]> tensor : actual.gradients().tensors().entrySet()) {
      float[] gradient = tensor.getValue();
      int probes = Math.min(PROBES, gradient.length);
      double[] expected = new double[probes];
      double[] found = new double[probes];
      for (int i = 0; i < probes; i++) {
        int at = probes == gradient.length ? i : random.nextInt(gradient.length);
        expected[i] =
            reference.derivative(tensor.getKey(), at, images, examples.labels(), smoothing);
        found[i] = gradient[at];
      }
      // A bias before a normalization has no gradient but rounding noise.
      assertClose(tensor.getKey(), 1e-3 * largest, expected, found);
    }
  }

  /** Probabilities with running statistics. */
  static void predictions(Architecture architecture) {
    Network network = Nets.network(architecture, 12);
    Examples examples = Nets.examples(architecture.input(), BATCH, architecture.classes(), 6);

    float[] probabilities = new OneDnnEngine().predict(network, examples);

    var reference = new DoubleReference(architecture, network.weights(), BATCH, false);
    double[] expected = reference.logits(Nets.normalised(network, examples));
    int classes = architecture.classes();
    for (int n = 0; n < BATCH; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(expected[n * classes + c]);
      }
      for (int c = 0; c < classes; c++) {
        expected[n * classes + c] = Math.exp(expected[n * classes + c]) / sum;
      }
    }
    assertClose("probabilities", 0, expected, DoubleReference.toDouble(probabilities));
  }

  private static double largest(Weights gradients) {
    double largest = 0;
    for (float[] tensor : gradients.tensors().values()) {
      for (float value : tensor) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  /** The largest difference, relative to the largest value expected or to {@code floor}. */
  private static void assertClose(String what, double floor, double[] expected, double[] found) {
    double scale = floor;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
      assertThat(found[i]).as(what).isFinite();
    }
    assertThat(difference / scale)
        .as("%s: expected %s, found %s", what, Arrays.toString(expected), Arrays.toString(found))
        .isLessThan(TOLERANCE);
  }
}
