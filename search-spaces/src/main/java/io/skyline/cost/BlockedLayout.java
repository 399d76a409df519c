package io.skyline.cost;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values ONNX Runtime keeps in blocks of channels (its NCHWc layout), and which it must bring
 * from one layout to the other. Networks of integers have none.
 */
final class BlockedLayout {
  private final Architecture architecture;
  private final int block;
  private final boolean floats;
  private final Set<String> blocked = new HashSet<>();
  private final Set<String> inBoth = new HashSet<>();

  BlockedLayout(Architecture architecture, int block, boolean floats) {
    this.architecture = architecture;
    this.block = block;
    this.floats = floats;
  }

  boolean isBlocked(String name) {
    return blocked.contains(name);
  }

  /**
   * Places the output of the next node.
   *
   * @return how many values of which of its inputs change their layout for it
   */
  List<Long> place(Node node) {
    if (!floats) {
      return List.of();
    }
    if (node.layer() instanceof Convolution convolution) {
      return place(node, convolution);
    }
    if (keepsBlocks(node)) {
      blocked.add(node.name());
      return List.of();
    }
    return reordered(node, true);
  }

  private List<Long> place(Node node, Convolution convolution) {
    int channels = architecture.inputShapes(node).get(0).channels();
    boolean blocks = ConvolutionWork.isBlocked(convolution, channels, block);
    if (blocks) {
      blocked.add(node.name());
    }
    boolean readsBlocks = blocks && channels >= block;
    return reordered(node, !readsBlocks);
  }

  /** The inputs that stand in a layout that the node does not read; each changes it once. */
  private List<Long> reordered(Node node, boolean from) {
    List<Long> values = new ArrayList<>();
    for (String input : node.inputs()) {
      if (isBlocked(input) == from && inBoth.add(input)) {
        values.add(architecture.shape(input).elements());
      }
    }
    return values;
  }

  private boolean keepsBlocks(Node node) {
    Layer layer = node.layer();
    boolean any =
        layer instanceof BatchNorm
            || layer instanceof Activation
            || layer instanceof Add
            || Fusion.isIdentity(layer);
    boolean whole =
        layer instanceof Pooling || layer instanceof GlobalAveragePool || layer instanceof Concat;
    boolean flat = layer instanceof Flatten && architecture.shape(node.inputs().get(0)).isFlat();
    return node.inputs().stream()
        .allMatch(input -> isBlocked(input) && (any || flat || whole && fillsBlocks(input)));
  }

  private boolean fillsBlocks(String name) {
    return architecture.shape(name).channels() % block == 0;
  }
}
