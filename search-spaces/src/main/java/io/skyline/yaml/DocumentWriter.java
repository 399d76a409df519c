package io.skyline.yaml;

import java.io.StringWriter;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Writes a tree as YAML with aliases and overrides resolved; read back, it is the same tree. */
public final class DocumentWriter {
  private DocumentWriter() {}

  /** The text, ending in a line break; comments are lost. */
  public static String write(Value value) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.BLOCK);
    options.setWidth(100);
    StringWriter text = new StringWriter();
    new Yaml(options).serialize(node(value), text);
    return text.toString();
  }

  private static Node node(Value value) {
    if (value instanceof Value.Sequence list) {
      boolean words = list.items().stream().allMatch(Value.Scalar.class::isInstance);
      List<Node> items = list.items().stream().map(DocumentWriter::node).toList();
      return new SequenceNode(Tag.SEQ, items, words ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }
    if (value instanceof Value.Mapping mapping) {
      List<NodeTuple> entries =
          mapping.entries().stream()
              .map(e -> new NodeTuple(node(e.key()), node(e.value())))
              .toList();
      return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
    }
    Value.Scalar scalar = (Value.Scalar) value;
    ScalarStyle style = scalar.quoted() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN;
    Tag tag = new Resolver().resolve(NodeId.scalar, scalar.text(), !scalar.quoted());
    return new ScalarNode(tag, scalar.text(), null, null, style);
  }
}
