package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;

class SquaredErrorTest {
  @Property(tries = 100)
  void theGradientIsTheDerivative(
      @ForAll @Size(6) List<@FloatRange(min = -50, max = 50) Float> values) {
    float[] outputs = {values.get(0), values.get(1), values.get(2)};
    float[] targets = {values.get(3), values.get(4), values.get(5)};
    float[] gradient = new float[3];
    SquaredError.loss(outputs, targets, gradient);
    for (int i = 0; i < 3; i++) {
      float kept = outputs[i];
      float step = 0.5f;
      outputs[i] = kept + step;
      double above = SquaredError.loss(outputs, targets, new float[3]);
      outputs[i] = kept - step;
      double below = SquaredError.loss(outputs, targets, new float[3]);
      outputs[i] = kept;
      // of a parabola the symmetric difference is the derivative
      assertThat((double) gradient[i]).isCloseTo(above - below, within(1e-2));
    }
  }
}
