package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where a parameter lives in a DL4J graph, and the way between DL4J's order of its numbers and the
 * plain one.
 *
 * @param vertex name of the layer
 * @param key DL4J's name of the parameter
 * @param order of the numbers
 * @param dimensions of the plain tensor, row-major; for one group of a grouped convolution that
 *     group's part
 */
record Tensors(String vertex, String key, Order order, long[] dimensions) {
  /** How DL4J lays out what we keep row by row in the order of {@link Parameter}. */
  enum Order {
    PLAIN,
    /** Dense kernels: input x output. */
    TRANSPOSED,
    /** Depthwise kernels: height x width x input x multiplier. */
    DEPTHWISE
  }

  /** The places of one parameter, in plain order one after the other. */
  static List<Tensors> of(Architecture architecture, Node node, Parameter parameter) {
    long[] dimensions = parameter.dimensions().stream().mapToLong(Integer::longValue).toArray();
    boolean kernel = parameter.name().equals("kernel");
    String key =
        switch (parameter.name()) {
          case "kernel" -> "W";
          case "bias" -> "b";
          case "variance" -> "var";
          default -> parameter.name();
        };
    if (node.layer() instanceof Dense && kernel) {
      return List.of(new Tensors(node.name(), key, Order.TRANSPOSED, dimensions));
    }
    if (node.layer() instanceof Convolution conv && conv.groups() > 1) {
      if (Convolutions.isDepthwise(conv, architecture.inputShapes(node).get(0).channels())) {
        return List.of(
            kernel
                ? new Tensors(node.name(), key, Order.DEPTHWISE, byMultiplier(conv, dimensions))
                : new Tensors(node.name(), key, Order.PLAIN, dimensions));
      }
      dimensions[0] /= conv.groups();
      List<Tensors> parts = new ArrayList<>();
      for (int g = 0; g < conv.groups(); g++) {
        String vertex = GraphBuilder.group(node.name(), g);
        parts.add(new Tensors(vertex, key, Order.PLAIN, dimensions));
      }
      return parts;
    }
    return List.of(new Tensors(node.name(), key, Order.PLAIN, dimensions));
  }

  /** A depthwise kernel as input x multiplier x height x width: the same numbers in a row. */
  private static long[] byMultiplier(Convolution conv, long[] dimensions) {
    return new long[] {conv.groups(), dimensions[0] / conv.groups(), dimensions[2], dimensions[3]};
  }

  int size() {
    long size = 1;
    for (long dimension : dimensions) {
      size *= dimension;
    }
    return Math.toIntExact(size);
  }

  /** Plain values in DL4J's order. */
  INDArray toDl4j(float[] plain) {
    INDArray values = Nd4j.createFromArray(plain).reshape('c', dimensions);
    return switch (order) {
      case PLAIN -> values;
      case TRANSPOSED -> values.transpose();
      case DEPTHWISE -> values.permute(2, 3, 0, 1);
    };
  }

  /** DL4J's values, or a gradient by them, in plain order. */
  INDArray toPlain(INDArray values) {
    INDArray plain =
        switch (order) {
          case PLAIN -> values;
          case TRANSPOSED -> values.transpose();
          case DEPTHWISE -> values.permute(2, 3, 0, 1);
        };
    return plain.dup('c').reshape(new long[] {size()});
  }
}
