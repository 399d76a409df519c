package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Shape;
import io.skyline.space.block.Draft;
import io.skyline.space.block.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One cell of a network: values 0 and 1 are the outputs of the two cells before it, brought to its
 * width; every node adds one value; those that no node reads are joined.
 *
 * @param stride 2 to halve the extent: operations on values 0 and 1 then stride
 */
record Cell(String name, List<Sum> nodes, int stride, int width, Activation activation) {
  /** The sum of two operations on earlier values. */
  record Sum(int input1, Operation op1, int input2, Operation op2) {}

  /** Adds the cell to a network; gives its output's name. */
  String lay(Draft draft, String before, String previous) {
    Shape extent = draft.shape(previous);
    boolean[] read = new boolean[nodes.size() + 2];
    for (Sum node : nodes) {
      read[node.input1] = true;
      read[node.input2] = true;
    }
    List<String> values = new ArrayList<>();
    values.add(calibrated(draft, name + "_in0", before, extent));
    values.add(
        before.equals(previous)
            ? values.get(0)
            : calibrated(draft, name + "_in1", previous, extent));
    for (int i = 0; i < nodes.size(); i++) {
      values.add(sum(draft, name + "_node" + (i + 1), nodes.get(i), values));
    }
    Set<String> loose = new LinkedHashSet<>();
    for (int i = 0; i < values.size(); i++) {
      if (!read[i]) {
        loose.add(i < 2 ? kept(draft, i, values.get(i)) : values.get(i));
      }
    }
    return loose.size() == 1
        ? loose.iterator().next()
        : draft.add(name, new Concat(), List.copyOf(loose));
  }

  private String kept(Draft draft, int input, String value) {
    return Operation.IDENTITY.lay(draft, name + "_end" + input, value, stride, activation);
  }

  /** A 1x1 convolution to this cell's width, strided if the value is from before a reduction. */
  private String calibrated(Draft draft, String value, String from, Shape extent) {
    draft.from(from);
    Shape read = draft.shape();
    boolean larger = read.height() > extent.height() || read.width() > extent.width();
    int step = larger ? 2 : 1;
    return draft.activated(value, new Convolution(width, 1, step, 0, 1, false), activation);
  }

  private String sum(Draft draft, String node, Sum sum, List<String> values) {
    String one = operation(draft, node + "_a", sum.op1, sum.input1, values);
    String other = operation(draft, node + "_b", sum.op2, sum.input2, values);
    // a value twice is itself but for a factor, which the next normalization takes away
    return one.equals(other) ? one : draft.add(node, new Add(), List.of(one, other));
  }

  private String operation(
      Draft draft, String node, Operation operation, int input, List<String> values) {
    return operation.lay(draft, node, values.get(input), input < 2 ? stride : 1, activation);
  }
}
