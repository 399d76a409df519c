package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Activation.Function;
import java.util.List;

/** Writes the operator of an activation function. */
record ActivationOperators(GraphBuilder graph) {
  private static final float RELU6_LIMIT = 6f;

  /** Whether runtimes compute it inside the quantized operator before it. */
  static boolean fusesIntoIntegers(Function function) {
    return switch (function) {
      case RELU, RELU6 -> true;
      case HARD_SWISH, HARD_SIGMOID, SIGMOID, SIGN, ABS -> false;
    };
  }

  String write(Function function, String x, String out) {
    return switch (function) {
      case RELU -> graph.node("Relu", List.of(x), out);
      case RELU6 -> {
        String low = graph.floats(out + ".low", new float[] {0f});
        String high = graph.floats(out + ".high", new float[] {RELU6_LIMIT});
        yield graph.node("Clip", List.of(x, low, high), out);
      }
      case HARD_SWISH -> graph.node("HardSwish", List.of(x), out);
      case HARD_SIGMOID ->
          graph.node(
              "HardSigmoid", List.of(x), out, attribute("alpha", 1f / 6), attribute("beta", 0.5f));
      case SIGMOID -> graph.node("Sigmoid", List.of(x), out);
      case SIGN -> graph.node("Sign", List.of(x), out);
      case ABS -> graph.node("Abs", List.of(x), out);
    };
  }
}
