package io.skyline.cost;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import io.skyline.yaml.Document;
import io.skyline.yaml.Fields;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads device profiles; whatever is wrong with one has its line and column. */
public final class DeviceProfileReader {
  private static final String EXAMPLE = "what 'skyline device calibrate' writes";
  private static final int LARGEST_BLOCK = 64;
  private static final int MOST_MODELS = 1_000_000;

  /** A second for one unit of work. */
  private static final double LARGEST_COST = 1e9;

  private final Problems problems = new Problems();

  private DeviceProfileReader() {}

  /**
   * Reads a file.
   *
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static DeviceProfile read(Path file) {
    return read(Document.read(file));
  }

  /**
   * Reads a profile within another document.
   *
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static DeviceProfile read(Value document) {
    return new DeviceProfileReader().profile(document);
  }

  private DeviceProfile profile(Value document) {
    Fields fields = Fields.of("a device profile", document, EXAMPLE, problems);
    int version = whole(fields, DeviceProfile.FORMAT, 1, 1_000);
    problems.throwIfAny();
    if (version != DeviceProfile.VERSION) {
      problems.add(
          fields.place(),
          "the profile's format is " + version + ", this build reads " + DeviceProfile.VERSION,
          "Measure the device again: skyline device calibrate.");
      problems.throwIfAny();
    }
    DeviceProfile.Origin origin =
        new DeviceProfile.Origin(
            text(fields, "machine"),
            text(fields, "processor"),
            text(fields, "runtime"),
            text(fields, "date"),
            text(fields, "protocol"));
    int block = whole(fields, "channel_block", 1, LARGEST_BLOCK);
    DeviceProfile.Error error = error(fields);
    OperatorCosts floats = costs(fields, "fp32", Storage.FP32);
    OperatorCosts integers = costs(fields, "int8", Storage.INT8);
    fields.end();
    problems.throwIfAny();
    return new DeviceProfile(origin, block, error, floats, integers);
  }

  private DeviceProfile.Error error(Fields profile) {
    Optional<Value> value =
        profile.require("error", "error: {models: 100, median: 0.05, p95: 0.2}");
    if (value.isEmpty()) {
      return new DeviceProfile.Error(0, 0, 0, 0);
    }
    Fields fields = Fields.of("error", value.get(), "{models: 100, median: 0.05}", problems);
    DeviceProfile.Error error =
        new DeviceProfile.Error(
            whole(fields, "models", 0, MOST_MODELS),
            number(fields, "median", 0, 100),
            number(fields, "p95", 0, 100),
            number(fields, "rank_correlation", -1, 1));
    fields.end();
    return error;
  }

  private OperatorCosts costs(Fields profile, String name, Storage storage) {
    Map<Kind, Map<Work, Double>> table = new EnumMap<>(Kind.class);
    Optional<Value> value = profile.require(name, name + ": {convolution: {macs: 0.01}}");
    if (value.isPresent()) {
      Fields fields = Fields.of(name, value.get(), "convolution: {macs: 0.01}", problems);
      for (Kind kind : Kind.values()) {
        if (kind.occursIn(storage)) {
          fields
              .require(kind.word(), kind.word() + ": {calls: 500}")
              .ifPresent(costs -> table.put(kind, row(kind, costs)));
        }
      }
      fields.end();
    }
    return new OperatorCosts(table);
  }

  private Map<Work, Double> row(Kind kind, Value value) {
    Map<Work, Double> row = new EnumMap<>(Work.class);
    Fields fields = Fields.of(kind.word(), value, "{calls: 500, macs: 0.01}", problems);
    for (Work work : Work.values()) {
      fields
          .take(work.word())
          .ifPresent(
              cost -> {
                OptionalDouble number = fields.number(cost, work.word(), 0, LARGEST_COST);
                number.ifPresent(n -> row.put(work, n));
              });
    }
    fields.end();
    return row;
  }

  private String text(Fields fields, String key) {
    return fields.require(key, key + ": ...").flatMap(v -> fields.text(v, key)).orElse("");
  }

  private int whole(Fields fields, String key, int least, int most) {
    return fields
        .require(key, key + ": " + least)
        .map(v -> fields.integer(v, key, least, most).orElse(least))
        .orElse(least);
  }

  private double number(Fields fields, String key, double least, double most) {
    return fields
        .require(key, key + ": " + Fields.plain(most))
        .map(v -> fields.number(v, key, least, most).orElse(least))
        .orElse(least);
  }
}
