package io.skyline.worker.trial;

import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.OneDnnEngine;
import java.util.HashMap;
import java.util.Map;

/** The engines by the names that configs use, each with its natives loaded when first needed. */
final class Engines {
  private final Map<String, Engine> loaded = new HashMap<>();

  /**
   * An engine.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  Engine get(String name) {
    return loaded.computeIfAbsent(name, Engines::load);
  }

  private static Engine load(String name) {
    return switch (name) {
      case "onednn" -> new OneDnnEngine();
      case "dl4j" -> new Dl4jEngine();
      default -> throw new IllegalArgumentException("no engine is called '" + name + "'");
    };
  }
}
