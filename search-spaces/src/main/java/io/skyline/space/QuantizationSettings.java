package io.skyline.space;

import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;
import io.skyline.recipe.WeightGrid;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Quantization; {@code fp32} goes without. */
record QuantizationSettings(
    Setting precision,
    List<Setting> parts,
    Setting first,
    Setting last,
    Setting calibration,
    Setting awareEpochs,
    Setting biasCorrection,
    Setting mantissaBits,
    Setting inputScales)
    implements StepSettings {
  /** The key of a list that says something of each part of a network. */
  static final String PARTS = "part_grids";

  private static final String NONE = "fp32";
  private static final String SAME = "same";
  private static final String NO = "false";
  private static final int MOST_PARTS = 32;

  QuantizationSettings {
    parts = List.copyOf(parts);
  }

  /** The precision alone, of those that need nothing else to be said. */
  static QuantizationSettings inShort(
      Fields fields, String key, String prefix, Choices choices, Optional<When> when) {
    List<String> words = new ArrayList<>(List.of(NONE));
    words.addAll(Precision.words());
    words.removeAll(List.of(Precision.MIXED.word(), Precision.XNOR.word()));
    return new QuantizationSettings(
        choices.words(fields, key, prefix + key, NONE, words, when),
        List.of(),
        Setting.fixed(SAME),
        Setting.fixed(SAME),
        Setting.fixed(Calibration.MIN_MAX.word()),
        Setting.fixed("0"),
        Setting.fixed(NO),
        Setting.fixed(Integer.toString(Quantization.USUAL_MANTISSA_BITS)),
        Setting.fixed(NO));
  }

  /** The precision under {@code to}, and all that may be said of it. */
  static QuantizationSettings read(
      Fields fields, String prefix, Choices choices, Optional<When> when, Problems problems) {
    choices.need(fields, "to", "to: [int8, int4]");
    List<String> words = new ArrayList<>(List.of(NONE));
    words.addAll(Precision.words());
    Setting to = choices.words(fields, "to", prefix + "to", NONE, words, when);
    return new Reader(fields, prefix, choices, when, problems, to).read();
  }

  /** Reads the settings that only some precisions have. */
  private record Reader(
      Fields fields,
      String prefix,
      Choices choices,
      Optional<When> when,
      Problems problems,
      Setting to) {
    QuantizationSettings read() {
      List<String> rounded = List.of(Precision.XNOR.word(), NONE);
      boolean xnor = rounded.containsAll(to.values()) && !to.values().equals(List.of(NONE));
      List<String> ends = new ArrayList<>(List.of(SAME));
      ends.addAll(WeightGrid.words());
      Setting aware =
          numbers(
              "aware_epochs", xnor ? "1" : "0", Range.whole(xnor ? 1 : 0, 1000), p -> p.hasGrids());
      return new QuantizationSettings(
          to,
          parts(),
          words("first", SAME, ends, Precision::isOfWeights),
          words("last", SAME, ends, Precision::isOfWeights),
          words(
              "calibration",
              Calibration.MIN_MAX.word(),
              Calibration.words(),
              p -> p == Precision.INT8),
          aware,
          biasCorrection(aware),
          numbers(
              "mantissa_bits",
              Integer.toString(Quantization.USUAL_MANTISSA_BITS),
              Range.whole(1, Quantization.MOST_MANTISSA_BITS),
              p -> p == Precision.MANTISSA),
          words("input_scales", NO, List.of("true", NO), p -> p == Precision.XNOR));
    }

    private Setting words(
        String key, String fallback, List<String> known, Predicate<Precision> owners) {
      Optional<Value> value = take(key, owners);
      return choices.words(
          fields, value, key, prefix + key, fallback, known, to.among(words(owners), when));
    }

    private Setting numbers(String key, String fallback, Range range, Predicate<Precision> owners) {
      Optional<Value> value = take(key, owners);
      return choices.numbers(
          fields, value, key, prefix + key, fallback, range, to.among(words(owners), when));
    }

    /** What is trained on rounded weights has nothing left to correct. */
    private Setting biasCorrection(Setting aware) {
      Optional<Value> value = take("bias_correction", Precision::hasGrids);
      if (value.isPresent() && !aware.values().contains("0")) {
        problems.add(
            value.get().place(),
            "'bias_correction' has nothing to do after training on rounded weights",
            "Remove it, or let 'aware_epochs' be 0.");
      }
      Optional<When> untrained =
          aware.decision() == null
              ? to.among(words(Precision::hasGrids), when)
              : aware.among(List.of("0"), when);
      String key = "bias_correction";
      return choices.words(fields, value, key, prefix + key, NO, List.of("true", NO), untrained);
    }

    /** One decision for each part of a network of mixed precision. */
    private List<Setting> parts() {
      Predicate<Precision> mixed = p -> p == Precision.MIXED;
      Optional<Value> grids = take("grids", mixed);
      Optional<Value> count = take("parts", mixed);
      Optional<Value> each = take(PARTS, mixed);
      if (!to.values().contains(Precision.MIXED.word())) {
        return List.of();
      }
      List<Setting> settings = new ArrayList<>();
      if (each.isPresent()) {
        Stream.of(grids, count)
            .flatMap(Optional::stream)
            .forEach(
                value ->
                    problems.add(
                        value.place(),
                        "'" + PARTS + "' says it of each part already",
                        "Remove one of them."));
        for (Value part : choices.parts(each.get(), PARTS, MOST_PARTS, "[int8, [int4, ternary]]")) {
          settings.add(part(settings.size() + 1, Optional.of(part), PARTS));
        }
        return settings;
      }
      if (grids.isEmpty()) {
        fields.require("grids", "grids: [int8, int4, ternary]");
      }
      int parts = count.map(v -> fields.integer(v, "parts", 1, MOST_PARTS).orElse(1)).orElse(3);
      for (int part = 1; part <= parts; part++) {
        settings.add(part(part, grids, "grids"));
      }
      return settings;
    }

    private Setting part(int number, Optional<Value> grids, String key) {
      return choices.words(
          fields,
          grids,
          key,
          prefix + "part" + number,
          WeightGrid.INT8.word(),
          WeightGrid.words(),
          to.among(words(p -> p == Precision.MIXED), when));
    }

    private Optional<Value> take(String key, Predicate<Precision> owners) {
      Optional<Value> value = fields.take(key);
      if (value.isPresent() && words(owners).stream().noneMatch(to.values()::contains)) {
        problems.add(
            value.get().place(),
            "'" + key + "' has nothing to say of " + String.join(", ", to.values()),
            "Remove it, or let 'to' be one of " + String.join(", ", words(owners)) + ".");
        return Optional.empty();
      }
      return value;
    }

    private static List<String> words(Predicate<Precision> owners) {
      return Stream.of(Precision.values()).filter(owners).map(Precision::word).toList();
    }
  }

  @Override
  public Optional<Step> of(Genome genome, SearchSpace space) {
    String word = precision.of(genome, space);
    if (word.equals(NONE)) {
      return Optional.empty();
    }
    Precision to = Precision.of(word);
    return Optional.of(
        new Quantization(
            to,
            grids(to, genome, space),
            to == Precision.INT8
                ? Calibration.of(calibration.of(genome, space))
                : Calibration.MIN_MAX,
            to.hasGrids()
                && epochs(to, genome, space) == 0
                && Boolean.parseBoolean(biasCorrection.of(genome, space)),
            to == Precision.MANTISSA
                ? mantissaBits.integer(genome, space)
                : Quantization.USUAL_MANTISSA_BITS,
            epochs(to, genome, space),
            to == Precision.XNOR && Boolean.parseBoolean(inputScales.of(genome, space))));
  }

  private int epochs(Precision to, Genome genome, SearchSpace space) {
    int least = to == Precision.XNOR ? 1 : 0;
    return to.hasGrids() ? Math.max(least, awareEpochs.integer(genome, space)) : 0;
  }

  private LayerGrids grids(Precision to, Genome genome, SearchSpace space) {
    List<WeightGrid> most =
        to == Precision.MIXED
            ? parts.stream().map(part -> WeightGrid.of(part.of(genome, space))).toList()
            : to.grid().stream().toList();
    return to.isOfWeights()
        ? new LayerGrids(most, end(first, to, genome, space), end(last, to, genome, space))
        : new LayerGrids(most, Optional.empty(), Optional.empty());
  }

  /** The grid of an end; real-valued weights there are a part of XNOR-Net. */
  private static Optional<WeightGrid> end(
      Setting end, Precision to, Genome genome, SearchSpace space) {
    String word = end.of(genome, space);
    if (!word.equals(SAME)) {
      return Optional.of(WeightGrid.of(word));
    }
    return to == Precision.XNOR ? Optional.of(WeightGrid.FP32) : Optional.empty();
  }
}
