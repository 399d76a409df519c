package io.skyline.worker.export;

/** Writes the constants of one encoding, and the operators that make floats of them. */
interface Encoder {
  /**
   * Writes the network's normalised input.
   *
   * @return the tensor that layers read
   */
  String input();

  /**
   * A node's value as a computing layer reads it.
   *
   * @param tensor the float tensor
   * @param source the name of the node, or of the network's input, whose values these are
   */
  String read(String tensor, String source);

  /**
   * Writes a kernel.
   *
   * @param name of the float tensor that this gives
   * @param dimensions output first
   */
  String kernel(String name, float[] values, long... dimensions);

  /**
   * Writes a bias, after its kernel.
   *
   * @param name of the float tensor that this gives
   * @param kernel the name under which the kernel was written
   * @param source whose values the layer reads
   */
  String bias(String name, float[] values, String kernel, String source);
}
