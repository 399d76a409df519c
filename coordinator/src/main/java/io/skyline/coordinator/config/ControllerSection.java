package io.skyline.coordinator.config;

import io.skyline.coordinator.controller.ControllerType;
import io.skyline.coordinator.controller.Controllers;
import io.skyline.coordinator.controller.Setting;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads {@code controller}: a name, a name with settings of its own, or nothing. */
final class ControllerSection {
  private static final String EXAMPLE = "controller: {name: nsga2, population: 8}";

  private final Problems problems;

  ControllerSection(Problems problems) {
    this.problems = problems;
  }

  /** The settings and where they stand, for a check that needs the whole config. */
  record Read(ControllerSettings settings, Place place) {}

  /** Trials that are derived from shared weights need no other controller. */
  Optional<Read> read(Fields config, Optional<SharingSection.Read> sharing) {
    if (sharing.isEmpty()) {
      return read(config);
    }
    config
        .take("controller")
        .ifPresent(
            value ->
                problems.add(
                    value.place(),
                    "'controller' proposes nothing where 'sharing' does",
                    "Remove it; 'sharing.strategy' says how candidates are found."));
    ControllerType unused = Controllers.named("random").orElseThrow();
    return Optional.of(new Read(new ControllerSettings(unused, Map.of()), sharing.get().place()));
  }

  private Optional<Read> read(Fields config) {
    Optional<Value> value = config.take("controller");
    if (value.isEmpty()) {
      ControllerSettings usual = new ControllerSettings(Controllers.usual(), Map.of());
      return Optional.of(new Read(usual, config.place()));
    }
    if (value.get() instanceof Value.Scalar) {
      return type(config, value.get())
          .map(type -> new Read(new ControllerSettings(type, Map.of()), value.get().place()));
    }
    Fields fields = Fields.of("controller", value.get(), EXAMPLE, problems);
    Optional<ControllerType> type =
        fields.require("name", EXAMPLE).flatMap(name -> type(fields, name));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> values = new HashMap<>();
    for (Setting setting : type.get().settings()) {
      value(fields, setting).ifPresent(number -> values.put(setting.name(), number));
    }
    fields.end();
    return Optional.of(new Read(new ControllerSettings(type.get(), values), value.get().place()));
  }

  /** What a mapping sets, if it does. */
  static OptionalDouble value(Fields fields, Setting setting) {
    Optional<Value> given = fields.take(setting.name());
    if (given.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!setting.whole()) {
      return fields.number(given.get(), setting.name(), setting.least(), setting.most());
    }
    OptionalInt whole =
        fields.integer(given.get(), setting.name(), (int) setting.least(), (int) setting.most());
    return whole.isPresent() ? OptionalDouble.of(whole.getAsInt()) : OptionalDouble.empty();
  }

  private Optional<ControllerType> type(Fields fields, Value name) {
    List<String> known = Controllers.all().stream().map(ControllerType::name).toList();
    return fields.word(name, "controller", known).flatMap(Controllers::named);
  }
}
