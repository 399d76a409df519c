package io.skyline.space;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.recipe.Step;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Channel pruning; ratios of 0 go without.
 *
 * @param ratios one for each part of the network
 */
record ChannelPruningSettings(List<Setting> ratios, Setting criterion, Setting fineTuneEpochs)
    implements StepSettings {
  /** The key of a list that says something of each part of a network. */
  static final String PARTS = "ratios";

  private static final Range RATIOS = Range.of(0, 0.9);
  private static final int MOST_PARTS = 32;

  ChannelPruningSettings {
    ratios = List.copyOf(ratios);
  }

  /**
   * @param key of the ratio
   */
  static ChannelPruningSettings read(
      Fields fields, String key, String prefix, Choices choices, Optional<When> when) {
    Setting ratio = choices.numbers(fields, key, prefix + key, "0", RATIOS, when);
    return read(List.of(ratio), ratio.unless("0", when), fields, prefix, choices);
  }

  /** The same, where {@code ratios} may say one for each part of the network. */
  static ChannelPruningSettings inParts(
      Fields fields, String prefix, Choices choices, Optional<When> when, Problems problems) {
    Optional<Value> parts = fields.take(PARTS);
    if (parts.isEmpty()) {
      choices.need(fields, "ratio", "ratio: [0, 0.5]");
      return read(fields, "ratio", prefix, choices, when);
    }
    fields
        .take("ratio")
        .ifPresent(
            ratio ->
                problems.add(
                    ratio.place(),
                    "'ratio' is of the whole network, 'ratios' are of its parts",
                    "Remove one of them."));
    List<Setting> ratios = new ArrayList<>();
    for (Value part : choices.parts(parts.get(), PARTS, MOST_PARTS, "[0, 0.5, [0.5, 0.75]]")) {
      String decision = prefix + "part" + (ratios.size() + 1);
      ratios.add(choices.numbers(fields, Optional.of(part), PARTS, decision, "0", RATIOS, when));
    }
    return read(ratios, when, fields, prefix, choices);
  }

  private static ChannelPruningSettings read(
      List<Setting> ratios, Optional<When> pruned, Fields fields, String prefix, Choices choices) {
    return new ChannelPruningSettings(
        ratios,
        choices.words(
            fields,
            "criterion",
            prefix + "criterion",
            Criterion.L1.word(),
            Criterion.words(),
            pruned),
        choices.fineTuneEpochs(fields, prefix, pruned));
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    List<Double> removed = ratios.stream().map(ratio -> ratio.number(genome, space)).toList();
    return removed.stream().allMatch(ratio -> ratio == 0)
        ? Optional.empty()
        : Optional.of(
            new ChannelPruning(
                removed,
                Criterion.of(criterion.of(genome, space)),
                fineTuneEpochs.integer(genome, space)));
  }
}
