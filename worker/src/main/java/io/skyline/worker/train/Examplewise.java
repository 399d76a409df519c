package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;

/**
 * Products of each example by numbers of its own, which oneDNN broadcasts fast within one example
 * only.
 *
 * @param examples in a batch
 * @param values of one example
 * @param factors of one example, broadcast over the values
 */
record Examplewise(int examples, memory.desc values, memory.desc factors) {
  /** Adds {@code to = from * by}; {@code from} and {@code to} may be the same memory. */
  void multiply(Program program, String name, memory from, memory by, memory to) {
    binary.primitive_desc description =
        new binary.primitive_desc(
            new binary.desc(dnnl_binary_mul, values, factors, values), OneDnn.ENGINE);
    List<IntMemoryMap> arguments = new ArrayList<>();
    for (int example = 0; example < examples; example++) {
      arguments.add(
          new IntMemoryMap()
              .put(DNNL_ARG_SRC_0, part(from, values, example))
              .put(DNNL_ARG_SRC_1, part(by, factors, example))
              .put(DNNL_ARG_DST, part(to, values, example)));
    }
    program.add(name, description, new binary(description), arguments);
  }

  /** Adds the elementwise product of two tensors of one format. */
  static void product(
      Program program, String name, memory.desc format, memory one, memory other, memory to) {
    memory.desc elements = OneDnn.elementwise(format);
    binary.primitive_desc description =
        new binary.primitive_desc(
            new binary.desc(dnnl_binary_mul, elements, elements, elements), OneDnn.ENGINE);
    program.add(
        name,
        description,
        new binary(description),
        new IntMemoryMap()
            .put(DNNL_ARG_SRC_0, OneDnn.view(one, elements))
            .put(DNNL_ARG_SRC_1, OneDnn.view(other, elements))
            .put(DNNL_ARG_DST, OneDnn.view(to, elements)));
  }

  private static memory part(memory whole, memory.desc format, int example) {
    long offset = (long) example * OneDnn.length(format);
    return new memory(format, OneDnn.ENGINE, OneDnn.floats(whole).getPointer(offset));
  }
}
