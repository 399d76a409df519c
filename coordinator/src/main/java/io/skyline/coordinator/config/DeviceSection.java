package io.skyline.coordinator.config;

import io.skyline.coordinator.search.Goals;
import io.skyline.cost.DeviceProfileReader;
import io.skyline.cost.LatencyPredictor;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.Document;
import io.skyline.yaml.Fields;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads {@code device}: the file of a device profile, or the profile itself, which a resolved
 * config has, so that a search which is resumed needs the file no more.
 */
final class DeviceSection {
  static final String KEY = "device";

  private static final String ADVICE =
      "Measure the device with 'skyline device calibrate --out device-profile.yaml', and write"
          + " 'device: device-profile.yaml'.";

  private final Path folder;
  private final Problems problems;

  DeviceSection(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** What predicts latencies, and the profile as it stands in its file. */
  record Read(LatencyPredictor predictor, Value resolved) {}

  Optional<Read> read(Fields config) {
    Optional<Value> value = config.take(KEY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return profile(value.get(), config)
          .map(v -> new Read(new LatencyPredictor(DeviceProfileReader.read(v)), v));
    } catch (InvalidDocumentException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private Optional<Value> profile(Value value, Fields config) {
    if (value instanceof Value.Mapping) {
      return Optional.of(value);
    }
    Optional<String> name = config.text(value, KEY);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path file = folder.resolve(name.get());
    if (!Files.isRegularFile(file)) {
      problems.add(
          value.place(),
          "there is no file '" + name.get() + "'",
          "It is looked for in " + folder.toAbsolutePath().normalize() + ". " + ADVICE);
      return Optional.empty();
    }
    return Optional.of(Document.read(file));
  }

  /** A goal on what nobody can foretell is a mistake. */
  static void check(Value.Mapping config, Goals goals, Problems problems) {
    if (config.entry(KEY).isEmpty() && goals.mention(Metric.PREDICTED_LATENCY)) {
      problems.add(
          place(config, goals),
          "'%s' needs the profile of a device".formatted(Metric.PREDICTED_LATENCY.word()),
          ADVICE);
    }
  }

  /** Where the goal stands, as nearly as the sections tell. */
  private static Place place(Value.Mapping config, Goals goals) {
    boolean objective =
        goals.objectives().stream().anyMatch(o -> o.metric() == Metric.PREDICTED_LATENCY);
    return config
        .entry(objective ? "objectives" : "constraints")
        .map(entry -> entry.value().place())
        .orElse(config.place());
  }
}
