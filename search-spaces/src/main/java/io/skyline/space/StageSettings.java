package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.space.block.Block;
import io.skyline.space.block.BlockSettings;
import io.skyline.space.block.Draft;
import io.skyline.space.block.Knob;
import io.skyline.space.block.Stage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The choices of one stage; with depth 0 it is left out.
 *
 * @param name that the names of its decisions and layers begin with
 * @param activation its own, if it has one
 * @param exit whether examples may leave behind it
 */
record StageSettings(
    String name,
    Setting depth,
    Setting block,
    Setting downsample,
    Map<Knob, Setting> knobs,
    Optional<Setting> activation,
    Setting exit) {
  /** The words of an exit. */
  static final List<String> EXIT = List.of("no", "yes");

  StageSettings {
    knobs = Map.copyOf(knobs);
  }

  /** Whether some of its networks have an exit here. */
  boolean mayExit() {
    return exit.values().contains("yes");
  }

  void lay(Draft draft, Genome genome, SearchSpace space, Activation network, int classes) {
    int blocks = depth.integer(genome, space);
    if (blocks == 0) {
      return;
    }
    Map<Knob, String> values = new EnumMap<>(Knob.class);
    knobs.forEach((knob, setting) -> values.put(knob, setting.of(genome, space)));
    Activation own =
        activation.map(setting -> Activations.of(setting, genome, space)).orElse(network);
    new Stage(
            Block.of(block.of(genome, space)),
            blocks,
            downsample.of(genome, space),
            new BlockSettings(values, own))
        .lay(draft, name);
    if (exit.of(genome, space).equals("yes")) {
      EarlyExit.lay(draft, name + "_exit", classes);
    }
  }
}
