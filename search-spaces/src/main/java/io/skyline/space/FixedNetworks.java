package io.skyline.space;

import io.skyline.architecture.Architecture;
import io.skyline.scorecard.DataCard;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** {@code kind: fixed}: named networks, so that only recipe and training are searched. */
record FixedNetworks(Setting network, Setting width) implements NetworkPlan {
  static final String KEY = "fixed";

  static FixedNetworks read(Fields fields, Choices choices) {
    choices.need(fields, KEY, "fixed: resnet-20");
    Setting network = choices.decided(fields, KEY, "network", NamedNetwork.words());
    Setting width =
        choices.numbers(fields, "width", "width", "1", Range.of(0.125, 8), Optional.empty());
    return new FixedNetworks(network, width);
  }

  @Override
  public Architecture build(Genome genome, SearchSpace space, DataCard data) {
    return NamedNetwork.of(network.of(genome, space))
        .build(data.input(), data.outputs(), width.number(genome, space));
  }
}
