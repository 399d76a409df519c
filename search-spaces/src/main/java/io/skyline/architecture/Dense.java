package io.skyline.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer over a flat vector.
 *
 * @param outputs output features
 * @param bias whether a bias is added
 */
public record Dense(int outputs, boolean bias) implements Layer {
  public Dense {
    if (outputs < 1) {
      throw new InvalidArchitectureException("needs at least one output, not " + outputs);
    }
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (!in.isFlat()) {
      throw new InvalidArchitectureException("takes a flat vector, not " + in + "; flatten first");
    }
    return Shape.flat(outputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.trained("kernel", outputs, Layer.only(inputs).channels()));
    if (bias) {
      parameters.add(Parameter.trained("bias", outputs));
    }
    return parameters;
  }
}
