package io.skyline.worker.export;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a network with int8 arithmetic are read as bytes, and what range those have: what
 * the exported file does, and what training on bytes imitates.
 */
public final class ByteReads {
  private final Set<String> onlyActivated = new HashSet<>();
  private final Map<String, String> sources = new HashMap<>();
  private final Map<String, Boolean> rounded = new HashMap<>();

  private ByteReads(Architecture architecture) {
    sources.put(Architecture.INPUT, Architecture.INPUT);
    rounded.put(Architecture.INPUT, false);
    for (Node node : architecture.nodes()) {
      add(node);
    }
    for (Node node : architecture.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        if (areBytes(node, i)) {
          rounded.put(node.inputs().get(i), true);
        }
      }
    }
  }

  /** Of a network with normalizations folded. */
  public static ByteReads of(Architecture architecture) {
    return new ByteReads(architecture);
  }

  /**
   * Values that activations alone read stay inside a fused operator. Only sums and products fuse;
   * two activations in a row even keep ONNX Runtime 1.29 from loading a model.
   */
  private void add(Node node) {
    Layer layer = node.layer();
    String first = node.inputs().get(0);
    if (layer instanceof Convolution
        || layer instanceof Dense
        || layer instanceof Add
        || layer instanceof BatchNorm) {
      onlyActivated.add(node.name());
    }
    if (!(layer instanceof Activation activation
        && ActivationOperators.fusesIntoIntegers(activation.function()))) {
      onlyActivated.removeAll(node.inputs());
    }
    sources.put(node.name(), keepsBytes(layer) ? source(first) : node.name());
    rounded.put(node.name(), false);
  }

  /**
   * Whether a layer's output has its input's range, so that the runtime moves or chooses the bytes
   * themselves; a glimpse gives numbers between them.
   */
  private static boolean keepsBytes(Layer layer) {
    return (layer instanceof Pooling pooling && pooling.kind() == Pooling.Kind.MAX)
        || (layer instanceof ChannelPooling channels && channels.kind() == Pooling.Kind.MAX)
        || layer instanceof Flatten
        || layer instanceof Glimpse
        || layer instanceof Shuffle
        || layer instanceof Slice
        || layer instanceof Select
        || layer instanceof Dropout
        || layer instanceof DropPath;
  }

  /** The node, or {@link Architecture#INPUT}, whose range of values a node's output has. */
  public String source(String name) {
    String source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException("no layer is named '" + name + "'");
    }
    return source;
  }

  /**
   * Whether a node reads one of its inputs as bytes, and not as floats.
   *
   * @param input its number
   */
  public boolean areBytes(Node node, int input) {
    Layer layer = node.layer();
    // bytes would place a glimpse's window beside its object
    boolean exact = layer instanceof SoftArgmax || (layer instanceof Glimpse && input == 1);
    boolean fused = layer instanceof Activation && onlyActivated.contains(node.inputs().get(input));
    return !exact && !fused;
  }

  /** Whether anybody reads the output of a node, or the network's input, as bytes. */
  public boolean areBytes(String name) {
    return Boolean.TRUE.equals(rounded.get(name));
  }
}
