package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Value;
import java.util.Optional;

/** The first convolution of a network of maps. */
record Stem(Setting width, Setting kernel, Setting stride) {
  private static final String EXAMPLE = "stem: {width: [8, 16]}";

  /** Reads the key {@code stem}, which must be there. */
  static Stem require(Fields space, InputKind input, Choices choices) {
    return space
        .require("stem", EXAMPLE)
        .map(value -> read(value, input, choices))
        .orElse(new Stem(Setting.fixed("8"), Setting.fixed("3"), Setting.fixed("1")));
  }

  private static Stem read(Value value, InputKind input, Choices choices) {
    Fields fields = choices.fields("stem", value, EXAMPLE);
    Stem stem =
        new Stem(
            choices.width(fields, "stem.width", Optional.empty()),
            choices.kernel(fields, "stem.kernel", input, Optional.empty()),
            choices.numbers(
                fields,
                "stride",
                "stem.stride",
                "1",
                Range.whole(1, input.longestStep()),
                Optional.empty()));
    fields.end();
    return stem;
  }

  void lay(Draft draft, Genome genome, SearchSpace space, Activation activation) {
    draft.activated(
        "stem",
        Convolution.same(
            width.integer(genome, space),
            kernel.integer(genome, space),
            stride.integer(genome, space)),
        activation);
  }
}
