package io.skyline.worker.network;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network with its weights, complete for inference.
 *
 * @param normalization of raw input values
 * @param exits where examples leave it
 */
public record Network(
    Architecture architecture, Weights weights, Normalization normalization, ExitPolicy exits) {
  public Network {
    weights.requireFor(architecture);
    if (normalization.mean().size() != architecture.input().channels()) {
      throw new IllegalArgumentException(
          "normalisation of "
              + normalization.mean().size()
              + " channels for an input of "
              + architecture.input());
    }
    if (normalization.target().isPresent() && architecture.classes() != 1) {
      throw new IllegalArgumentException(
          "one number is to be predicted, the network gives " + architecture.classes());
    }
    if (normalization.target().isPresent() && !architecture.exits().isEmpty()) {
      throw new IllegalArgumentException("nobody is confident of a number: exits need classes");
    }
    if (exits.thresholds().size() != architecture.exits().size()) {
      throw new IllegalArgumentException(
          exits.thresholds().size() + " thresholds for the exits " + architecture.exits());
    }
  }

  /** A network through which every example goes to its end. */
  public Network(Architecture architecture, Weights weights, Normalization normalization) {
    this(architecture, weights, normalization, ExitPolicy.closed(architecture.exits().size()));
  }

  /** The same network without exits at which nobody can leave, and without what leads there. */
  public Network withoutClosedExits() {
    List<String> open =
        IntStream.range(0, architecture.exits().size())
            .filter(exits::isOpen)
            .mapToObj(architecture.exits()::get)
            .toList();
    if (open.equals(architecture.exits())) {
      return this;
    }
    Architecture without = architecture.withExits(open);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : without.nodes()) {
      for (Parameter parameter : without.parameters(node)) {
        tensors.put(Weights.key(node, parameter.name()), weights.get(node, parameter.name()));
      }
    }
    return new Network(without, new Weights(tensors), normalization, exits.open());
  }

  /** The same network, which examples leave by another policy. */
  public Network with(ExitPolicy policy) {
    return new Network(architecture, weights, normalization, policy);
  }
}
