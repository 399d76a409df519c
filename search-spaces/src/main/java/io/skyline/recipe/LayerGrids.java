package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which grid the weights of which layer lie on.
 *
 * @param parts the layers with kernels, in the network's order, fall into as many parts of (nearly)
 *     as many layers, each with one grid; none if nothing lies on a grid
 * @param first of the first layer, if it has another
 * @param last of the last layer, if it has another
 */
public record LayerGrids(
    List<WeightGrid> parts, Optional<WeightGrid> first, Optional<WeightGrid> last) {
  public LayerGrids {
    parts = List.copyOf(parts);
  }

  /** The same grid for all layers. */
  public static LayerGrids all(WeightGrid grid) {
    return new LayerGrids(List.of(grid), Optional.empty(), Optional.empty());
  }

  /** Floats everywhere. */
  public static LayerGrids none() {
    return new LayerGrids(List.of(), Optional.empty(), Optional.empty());
  }

  /** The grids of a network's layers with kernels, by name, in its order. */
  public Map<String, WeightGrid> of(Architecture network) {
    List<String> layers = layers(network);
    Map<String, WeightGrid> grids = new LinkedHashMap<>();
    for (int i = 0; i < layers.size() && !parts.isEmpty(); i++) {
      Optional<WeightGrid> end = Optional.empty();
      if (i == layers.size() - 1) {
        end = last;
      } else if (i == 0) {
        end = first;
      }
      grids.put(layers.get(i), end.orElse(parts.get(i * parts.size() / layers.size())));
    }
    return grids;
  }

  /** The names of the layers with kernels, in the network's order. */
  static List<String> layers(Architecture network) {
    return network.nodes().stream()
        .filter(node -> network.parameters(node).stream().anyMatch(p -> p.name().equals("kernel")))
        .map(Node::name)
        .toList();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (parts.size() > 1) {
      parts.forEach(part -> text.append(' ').append(part.word()));
    }
    first.ifPresent(grid -> text.append(", first ").append(grid.word()));
    last.ifPresent(grid -> text.append(", last ").append(grid.word()));
    return text.toString();
  }
}
