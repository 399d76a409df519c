package io.skyline.worker.export;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the constants of one encoding, and the operators that make floats of them. */
interface Encoder {
  /**
   * The same encoder for a graph inside its own: it knows what has been written, and gives the
   * inner graph constants of its own, which runtimes need beside the operators that they fuse.
   */
  Encoder inside(GraphBuilder inner);

  /**
   * Writes the operators that normalise the network's input.
   *
   * @return the float tensor of the normalised input
   */
  String input();

  /**
   * A value as a computing layer reads it.
   *
   * @param tensor the float tensor
   * @param source the node, or the network's input, whose range of values it has
   */
  String read(String tensor, String source);

  /**
   * Writes the parameters of a convolution or dense layer.
   *
   * @param source the range of values of what the layer reads
   * @param dimensions of the kernel, outputs first
   * @return the float tensors of kernel and, where there is one, bias
   */
  List<String> parameters(
      String node, String source, float[] kernel, float @Nullable [] bias, long... dimensions);

  /** The graph it writes into. */
  GraphBuilder graph();

  /**
   * Writes a dense layer: its parameters, and the product.
   *
   * @param x what it reads, as {@link #read} gave it
   * @param out the name of what it gives
   */
  default void dense(
      String node,
      String x,
      String source,
      float[] kernel,
      float @Nullable [] bias,
      String out,
      long... dimensions) {
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(parameters(node, source, kernel, bias, dimensions));
    graph().node("Gemm", inputs, out, GraphBuilder.attribute("transB", 1));
  }
}
