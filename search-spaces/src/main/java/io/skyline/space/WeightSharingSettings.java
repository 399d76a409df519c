package io.skyline.space;

import io.skyline.recipe.Step;
import io.skyline.recipe.WeightSharing;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.Optional;

/** Weight sharing; 0 bits go without. */
record WeightSharingSettings(Setting bits, Setting convolutionBits, Setting fineTuneEpochs)
    implements StepSettings {
  private static final String AS_DENSE = "0";

  static WeightSharingSettings read(
      Fields fields, String prefix, Choices choices, Optional<When> when) {
    choices.need(fields, "bits", "bits: [4, 5]");
    Range range = Range.whole(0, WeightSharing.MOST_BITS);
    Setting bits = choices.numbers(fields, "bits", prefix + "bits", "0", range, when);
    Optional<When> shared = bits.unless("0", when);
    return new WeightSharingSettings(
        bits,
        choices.numbers(
            fields,
            "convolution_bits",
            prefix + "convolution_bits",
            AS_DENSE,
            Range.whole(1, WeightSharing.MOST_BITS),
            shared),
        choices.fineTuneEpochs(fields, prefix, shared));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    int width = bits.integer(genome, space);
    if (width == 0) {
      return Optional.empty();
    }
    int convolutions = convolutionBits.integer(genome, space);
    return Optional.of(
        new WeightSharing(
            width,
            convolutions == 0 ? width : convolutions,
            fineTuneEpochs.integer(genome, space)));
  }
}
