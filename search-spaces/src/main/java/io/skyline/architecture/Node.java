package io.skyline.architecture;

import java.util.List;

/**
 * One named layer of a network and the names of the nodes it reads.
 *
 * @param name unique in its network; letters, digits, {@code _} and {@code /}, never {@link
 *     Architecture#INPUT} or a dot
 * @param layer what it does
 * @param inputs earlier nodes, or {@link Architecture#INPUT}
 */
public record Node(String name, Layer layer, List<String> inputs) {
  public Node {
    inputs = List.copyOf(inputs);
    if (!name.matches("[A-Za-z0-9_/]+") || name.equals(Architecture.INPUT)) {
      throw new InvalidArchitectureException("'" + name + "' cannot name a layer");
    }
  }
}
