package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.skyline.worker.network.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Collects the nodes and initializers of one ONNX graph in the order in which they are added. */
final class GraphBuilder {
  static final int OPSET = 17;
  static final int IR_VERSION = 8;

  /** The symbolic name of the batch dimension. */
  static final String BATCH = "N";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final int depth;

  GraphBuilder(String name) {
    this(name, 0);
  }

  private GraphBuilder(String name, int depth) {
    this.depth = depth;
    graph.setName(name);
  }

  /** A graph that a node of this one may run, and that sees this one's tensors. */
  GraphBuilder inside(String name) {
    return new GraphBuilder(name, depth + 1);
  }

  /** A name for what this graph and those around it may each have of their own. */
  String own(String name) {
    return depth == 0 ? name : name + "." + depth;
  }

  /** Adds a node with one output; its name is the output's. Returns the output. */
  String node(String operator, List<String> inputs, String output, AttributeProto... attributes) {
    nodes(operator, inputs, List.of(output), attributes);
    return output;
  }

  /** Adds a node with several outputs; its name is the first one's. */
  void nodes(
      String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(outputs.get(0))
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
  }

  String floats(String name, float[] values, long... dimensions) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return constant(name, TensorProto.DataType.FLOAT, bytes, dimensions);
  }

  String halves(String name, float[] values, long... dimensions) {
    ByteBuffer bytes = littleEndian(values.length * Short.BYTES);
    for (float value : values) {
      bytes.putShort(HalfFloat.of(value));
    }
    return constant(name, TensorProto.DataType.FLOAT16, bytes, dimensions);
  }

  String ints(String name, int[] values, long... dimensions) {
    ByteBuffer bytes = littleEndian(values.length * Integer.BYTES);
    for (int value : values) {
      bytes.putInt(value);
    }
    return constant(name, TensorProto.DataType.INT32, bytes, dimensions);
  }

  String longs(String name, long... values) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    for (long value : values) {
      bytes.putLong(value);
    }
    return constant(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  String signedBytes(String name, byte[] values, long... dimensions) {
    return constant(name, TensorProto.DataType.INT8, ByteBuffer.wrap(values), dimensions);
  }

  String unsignedByte(String name, int value) {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) value});
    return constant(name, TensorProto.DataType.UINT8, bytes);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String constant(
      String name, TensorProto.DataType type, ByteBuffer data, long... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(data.array()));
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Declares a float32 input of a symbolic batch and these further dimensions. */
  void input(String name, int... dimensions) {
    graph.addInput(batched(name, dimensions));
  }

  /** Declares a float32 output of a symbolic batch and these further dimensions. */
  void output(String name, int... dimensions) {
    graph.addOutput(batched(name, dimensions));
  }

  /** Declares a float32 output without dimensions. */
  void scalar(String name) {
    graph.addOutput(floats(name, TensorShapeProto.newBuilder()));
  }

  private static ValueInfoProto batched(String name, int... dimensions) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    for (int dimension : dimensions) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    return floats(name, shape);
  }

  private static ValueInfoProto floats(String name, TensorShapeProto.Builder shape) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }

  GraphProto graph() {
    return graph.build();
  }

  ModelProto build() {
    return build(Map.of());
  }

  /**
   * The model.
   *
   * @param metadata its entries by key
   */
  ModelProto build(Map<String, String> metadata) {
    ModelProto.Builder model = ModelProto.newBuilder();
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model
        .setIrVersion(IR_VERSION)
        .setProducerName("skyline")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setGraph(graph)
        .build();
  }

  static AttributeProto attribute(String name, GraphProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(value)
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
