package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks an ONNX model more strictly than runtimes do, which load unsorted graphs, wrong declared
 * shapes and constants of the wrong size: the order of nodes, one writer and at least one reader
 * for every tensor, the size of every constant, and the type and shape of every value through the
 * operators that {@link OnnxWriter} uses, in the branches of an {@code If} as outside of them.
 */
public final class OnnxLint {
  private final List<String> problems;
  private final Map<String, TensorType> types = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Set<String> unread = new HashSet<>();
  private final @Nullable OnnxLint around;

  private OnnxLint() {
    problems = new ArrayList<>();
    around = null;
  }

  /** Of a graph that a node of another one runs, whose tensors it sees. */
  private OnnxLint(OnnxLint around) {
    this.problems = around.problems;
    this.around = around;
    this.constants.putAll(around.constants);
  }

  /** What is wrong with a model; empty if nothing is. */
  public static List<String> problems(byte[] onnx) {
    try {
      ModelProto model = ModelProto.parseFrom(onnx);
      OnnxLint lint = new OnnxLint();
      lint.check(model);
      return List.copyOf(lint.problems);
    } catch (InvalidProtocolBufferException e) {
      return List.of("not an ONNX model: " + e.getMessage());
    }
  }

  private void check(ModelProto model) {
    if (model.getIrVersion() != GraphBuilder.IR_VERSION) {
      problems.add("IR version " + model.getIrVersion() + ", not " + GraphBuilder.IR_VERSION);
    }
    if (model.getOpsetImportCount() != 1
        || !model.getOpsetImport(0).getDomain().isEmpty()
        || model.getOpsetImport(0).getVersion() != GraphBuilder.OPSET) {
      problems.add("imports operators other than opset " + GraphBuilder.OPSET);
    }
    check(model.getGraph());
  }

  private void check(GraphProto graph) {
    for (ValueInfoProto input : graph.getInputList()) {
      define(input.getName(), declared(input));
    }
    graph.getInitializerList().forEach(this::constant);
    for (NodeProto node : graph.getNodeList()) {
      if (!node(node)) {
        return; // all further problems would follow from this one
      }
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      TensorType found = types.get(output.getName());
      unread.remove(output.getName());
      if (found == null) {
        problems.add("output '" + output.getName() + "' is never written");
      } else if (!found.equals(declared(output))) {
        problems.add(
            "output '" + output.getName() + "' is " + found + ", declared " + declared(output));
      }
    }
    unread.stream().sorted().forEach(name -> problems.add("nobody reads '" + name + "'"));
  }

  private void define(String name, TensorType type) {
    if (find(name) != null) {
      problems.add("'" + name + "' is written twice");
    }
    types.put(name, type);
    unread.add(name);
  }

  /** The type of a tensor of this graph or of one around it. */
  private @Nullable TensorType find(String name) {
    TensorType own = types.get(name);
    return own != null || around == null ? own : around.find(name);
  }

  private void read(String name) {
    if (!unread.remove(name) && around != null) {
      around.read(name);
    }
  }

  private static TensorType declared(ValueInfoProto info) {
    List<Long> dimensions = new ArrayList<>();
    for (TensorShapeProto.Dimension d : info.getType().getTensorType().getShape().getDimList()) {
      dimensions.add(
          d.getDimParam().equals(GraphBuilder.BATCH) ? TensorType.BATCH : d.getDimValue());
    }
    return new TensorType(info.getType().getTensorType().getElemType(), dimensions);
  }

  private void constant(TensorProto tensor) {
    TensorType type = new TensorType(tensor.getDataType(), tensor.getDimsList());
    define(tensor.getName(), type);
    constants.put(tensor.getName(), tensor);
    int bytes = TensorType.bytes(tensor.getDataType());
    if (bytes == 0) {
      problems.add("'" + tensor.getName() + "' has a type that is not written: " + type);
    } else if (tensor.getRawData().size() != type.elements() * bytes) {
      problems.add(
          "'%s' is %s, %d bytes, but holds %d"
              .formatted(
                  tensor.getName(), type, type.elements() * bytes, tensor.getRawData().size()));
    }
  }

  /** Whether a node is in order, and so what follows it can be checked. */
  private boolean node(NodeProto node) {
    List<TensorType> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      TensorType type = find(input);
      if (type == null) {
        problems.add(node.getName() + " reads '" + input + "', which nothing before it writes");
        return false;
      }
      read(input);
      inputs.add(type);
    }
    try {
      boolean branches = node.getOpType().equals("If");
      List<TensorType> outputs =
          branches
              ? List.of(either(node, inputs))
              : new ShapeRules(node, inputs, constants).outputs();
      if (node.getOutputCount() != outputs.size()) {
        problems.add(
            "%s has %d outputs, not %d"
                .formatted(node.getName(), node.getOutputCount(), outputs.size()));
        return false;
      }
      for (int i = 0; i < outputs.size(); i++) {
        define(node.getOutput(i), outputs.get(i));
      }
      return true;
    } catch (ShapeRules.Violation violation) {
      problems.add(node.getName() + " (" + node.getOpType() + "): " + violation.getMessage());
      return false;
    }
  }

  /** What both branches of an {@code If} give. */
  private TensorType either(NodeProto node, List<TensorType> inputs) {
    if (!inputs.equals(List.of(TensorType.FLAG))) {
      throw new ShapeRules.Violation("decides on " + inputs + ", not on one flag");
    }
    TensorType given = null;
    for (String branch : List.of("then_branch", "else_branch")) {
      GraphProto graph =
          node.getAttributeList().stream()
              .filter(attribute -> attribute.getName().equals(branch))
              .findFirst()
              .orElseThrow(() -> new ShapeRules.Violation("has no " + branch))
              .getG();
      if (graph.getInputCount() != 0 || graph.getOutputCount() != 1) {
        throw new ShapeRules.Violation(branch + " takes inputs, or does not give one output");
      }
      new OnnxLint(this).check(graph);
      TensorType type = declared(graph.getOutput(0));
      if (given != null && !given.equals(type)) {
        throw new ShapeRules.Violation("gives " + given + " or " + type);
      }
      given = type;
    }
    return Objects.requireNonNull(given);
  }
}
