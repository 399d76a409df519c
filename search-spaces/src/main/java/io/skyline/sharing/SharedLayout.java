package io.skyline.sharing;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.SoftArgmax;
import io.skyline.sharing.SharedOperation.Part;
import io.skyline.sharing.SharedOperation.Start;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations a network is made of, for weights that all networks of a space share (Pham et
 * al. 2018, section 2.1): two networks that build the same operation at the same place share its
 * numbers.
 *
 * <p>An operation is a layer with a kernel and the normalization that reads it; a depthwise and the
 * pointwise convolution after it are one. A kernel that reads joined outputs is a slice for each of
 * them, so that networks share what they have in common of a join, as ENAS masks its kernels.
 * Running statistics belong to a path, not to an operation, and are never shared (Guo et al. 2020,
 * section 3.1): they are taken afresh for each network.
 */
public final class SharedLayout {
  private static final HexFormat HEX = HexFormat.of();

  private final List<SharedOperation> operations;
  private final Map<String, float[]> statistics;

  private SharedLayout(List<SharedOperation> operations, Map<String, float[]> statistics) {
    this.operations = List.copyOf(operations);
    this.statistics = statistics;
  }

  /** The layout of a network. */
  public static SharedLayout of(Architecture architecture) {
    return new Reading(architecture).read();
  }

  /** In the order of the layers. */
  public List<SharedOperation> operations() {
    return operations;
  }

  /**
   * The tensors of the network, keyed {@code node.parameter}, from the vectors of its operations;
   * running means 0 and variances 1.
   *
   * @param vectors for each operation's key
   * @throws IllegalArgumentException if one is missing or of another length
   */
  public Map<String, float[]> tensors(Map<String, float[]> vectors) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    statistics.forEach((key, values) -> tensors.put(key, values.clone()));
    for (SharedOperation operation : operations) {
      float[] vector = vectors.get(operation.key());
      if (vector == null || vector.length != operation.length()) {
        throw new IllegalArgumentException(
            "%s has %s numbers, not %d"
                .formatted(
                    operation.key(), vector == null ? "no" : vector.length, operation.length()));
      }
      for (int i = 0; i < operation.parts().size(); i++) {
        Part part = operation.parts().get(i);
        operation.write(
            i,
            vector,
            tensors.computeIfAbsent(part.tensor(), t -> new float[part.rows() * part.columns()]));
      }
    }
    return tensors;
  }

  /** The vectors of the operations, by key, from the network's tensors. */
  public Map<String, float[]> vectors(Map<String, float[]> tensors) {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (SharedOperation operation : operations) {
      float[] vector = new float[operation.length()];
      for (int i = 0; i < operation.parts().size(); i++) {
        String key = operation.parts().get(i).tensor();
        float[] tensor = tensors.get(key);
        if (tensor == null) {
          throw new IllegalArgumentException("no numbers for " + key);
        }
        operation.read(i, tensor, vector);
      }
      vectors.put(operation.key(), vector);
    }
    return vectors;
  }

  /** An operation whose parts are still being found. */
  private static final class Draft {
    final String name;
    final StringBuilder text = new StringBuilder();
    final List<Part> parts = new ArrayList<>();
    boolean endsDepthwise;

    Draft(String name) {
      this.name = name;
    }

    void add(Part part) {
      parts.add(part);
      String parameter = part.tensor().substring(part.tensor().lastIndexOf('.'));
      text.append(parameter).append(part.rows()).append('x').append(part.to() - part.from());
    }

    SharedOperation operation() {
      byte[] digest = Digests.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
      return new SharedOperation(name + "/" + HEX.formatHex(digest, 0, 8), parts);
    }
  }

  /** Channels of a value that come from one node. */
  private record Segment(String source, int channels) {}

  /** One pass over the layers. */
  private static final class Reading {
    private final Architecture architecture;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<String, float[]> statistics = new LinkedHashMap<>();

    /** The operation that a value is the end of, as far as another layer may still join it. */
    private final Map<String, Draft> ends = new HashMap<>();

    private final Map<String, List<Segment>> segments = new HashMap<>();
    private final Set<String> scoring = new HashSet<>();

    Reading(Architecture architecture) {
      this.architecture = architecture;
      for (Node node : architecture.nodes()) {
        if (node.layer() instanceof SoftArgmax) {
          scoring.addAll(node.inputs());
        }
      }
    }

    SharedLayout read() {
      for (Node node : architecture.nodes()) {
        segments.put(node.name(), segmentsOf(node));
        List<Parameter> parameters = architecture.parameters(node);
        if (!parameters.isEmpty()) {
          add(node, parameters);
        } else if (node.layer() instanceof Activation && ends.containsKey(node.inputs().get(0))) {
          ends.put(node.name(), ends.get(node.inputs().get(0)));
        }
      }
      return new SharedLayout(drafts.stream().map(Draft::operation).toList(), statistics);
    }

    private List<Segment> segmentsOf(Node node) {
      Layer layer = node.layer();
      boolean keeps =
          layer instanceof Concat
              || layer instanceof Activation
              || layer instanceof Pooling
              || layer instanceof GlobalAveragePool
              || layer instanceof Flatten
              || layer instanceof Dropout;
      List<Segment> own = List.of(new Segment(node.name(), channels(node.name())));
      if (!keeps || node.inputs().contains(Architecture.INPUT)) {
        return own;
      }
      List<Segment> read = new ArrayList<>();
      node.inputs().forEach(input -> read.addAll(segments.getOrDefault(input, List.of())));
      return read.size() > 1 ? List.copyOf(read) : own;
    }

    private int channels(String value) {
      return architecture.shape(value).channels();
    }

    private void add(Node node, List<Parameter> parameters) {
      String input = node.inputs().get(0);
      List<Segment> read = segments.getOrDefault(input, List.of());
      boolean whole =
          node.layer() instanceof Dense
              || node.layer() instanceof Convolution convolution && convolution.groups() == 1;
      if (read.size() > 1 && whole) {
        addSlices(node, parameters, read);
        return;
      }
      Draft draft = joined(node, input);
      if (draft == null) {
        draft = new Draft(node.name());
        drafts.add(draft);
      }
      draft.text.append(node.layer());
      for (Parameter parameter : parameters) {
        add(node, parameter, draft);
      }
      draft.endsDepthwise =
          node.layer() instanceof Convolution convolution
              ? convolution.isDepthwise()
              : draft.endsDepthwise;
      ends.put(node.name(), draft);
    }

    /** The operation that a layer belongs to with the layers before it, or null. */
    private @Nullable Draft joined(Node node, String input) {
      Draft before = ends.get(input);
      boolean joins =
          node.layer() instanceof BatchNorm
              || node.layer() instanceof Convolution convolution
                  && convolution.groups() == 1
                  && convolution.taps() == 1
                  && before != null
                  && before.endsDepthwise;
      return joins ? before : null;
    }

    private void add(Node node, Parameter parameter, Draft draft) {
      String tensor = node.name() + "." + parameter.name();
      if (!parameter.trained()) {
        float[] values = new float[parameter.size()];
        Arrays.fill(values, parameter.name().equals("variance") ? 1f : 0f);
        statistics.put(tensor, values);
        return;
      }
      int rows = parameter.dimensions().get(0);
      int columns = parameter.size() / rows;
      draft.add(new Part(tensor, rows, columns, 0, columns, start(node, parameter)));
    }

    private Start start(Node node, Parameter parameter) {
      if (scoring.contains(node.name())) {
        return Start.ZERO;
      }
      return switch (parameter.name()) {
        case "kernel" -> Start.KERNEL;
        case "gamma" -> Start.ONE;
        default -> Start.ZERO;
      };
    }

    /** A kernel over joined values: a slice for each, and what is no kernel by itself. */
    private void addSlices(Node node, List<Parameter> parameters, List<Segment> read) {
      for (Parameter parameter : parameters) {
        if (!parameter.name().equals("kernel")) {
          Draft rest = new Draft(node.name());
          rest.text.append(node.layer());
          add(node, parameter, rest);
          drafts.add(rest);
          continue;
        }
        int rows = parameter.dimensions().get(0);
        int columns = parameter.size() / rows;
        int channels = read.stream().mapToInt(Segment::channels).sum();
        int each = columns / channels;
        int from = 0;
        for (Segment segment : read) {
          int to = from + segment.channels() * each;
          Draft slice = new Draft(node.name() + "@" + segment.source());
          slice.text.append(node.layer());
          slice.add(
              new Part(node.name() + ".kernel", rows, columns, from, to, start(node, parameter)));
          drafts.add(slice);
          from = to;
        }
      }
    }
  }
}
