package io.skyline.space;

import io.skyline.recipe.Quantization;
import io.skyline.recipe.Quantization.Precision;
import io.skyline.recipe.Step;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Quantization; {@code fp32} goes without. */
record QuantizationSettings(Setting precision) implements StepSettings {
  private static final String NONE = "fp32";

  /**
   * @param key of the precision
   */
  static QuantizationSettings read(
      Fields fields, String key, String prefix, Choices choices, Optional<When> when) {
    List<String> words = new ArrayList<>(List.of(NONE));
    Stream.of(Precision.values()).map(Precision::word).forEach(words::add);
    return new QuantizationSettings(choices.words(fields, key, prefix + key, NONE, words, when));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    String word = precision.of(genome, space);
    return word.equals(NONE) ? Optional.empty() : Optional.of(new Quantization(Precision.of(word)));
  }
}
