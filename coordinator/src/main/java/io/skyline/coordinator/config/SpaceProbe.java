package io.skyline.coordinator.config;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.coordinator.search.Constraint;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.LatencyPredictor;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What random candidates of a space are like on some data: how many can be built, what they cost,
 * how many a constraint rejects.
 *
 * @param drawn how many were drawn
 * @param samples those that can be built
 */
public record SpaceProbe(int drawn, List<Sample> samples) {
  private static final int DRAWS = 1_000;

  public SpaceProbe {
    samples = List.copyOf(samples);
  }

  /** One candidate and its exact costs. */
  public record Sample(Genome genome, Candidate candidate, Scorecard costs) {}

  /**
   * Draws candidates with a fixed seed.
   *
   * @param place where the user names the space
   * @throws InvalidDocumentException if none of them can be built
   */
  public static SpaceProbe of(
      CandidateSpace space, Shape input, int classes, TrainingPlan plan, Place place) {
    return of(space, input, classes, plan, place, Optional.empty());
  }

  /**
   * The same for a device.
   *
   * @param device whose latencies can be foretold
   */
  public static SpaceProbe of(
      CandidateSpace space,
      Shape input,
      int classes,
      TrainingPlan plan,
      Place place,
      Optional<LatencyPredictor> device) {
    Optional<String> refusal = space.input().flatMap(kind -> kind.refusal(input));
    if (refusal.isPresent()) {
      throw new InvalidDocumentException(
          place,
          "the space '%s' does not suit the data: %s"
              .formatted(space.decisions().name(), refusal.get()),
          suggestion(input));
    }
    DataCard data = card(input, classes);
    SplittableRandom random = new SplittableRandom(1);
    List<Sample> samples = new ArrayList<>();
    String reason = "";
    for (int i = 0; i < DRAWS; i++) {
      Genome genome = space.decisions().sample(random);
      try {
        Candidate candidate = space.decode(genome, data, plan);
        samples.add(new Sample(genome, candidate, CandidateCost.of(candidate, device)));
      } catch (InvalidArchitectureException e) {
        reason = String.valueOf(e.getMessage());
      }
    }
    if (samples.isEmpty()) {
      throw new InvalidDocumentException(
          place,
          "the space '%s' is empty for inputs of %s: %s"
              .formatted(space.decisions().name(), input, reason),
          "Allow smaller kernels, fewer stages, or less downsampling.");
    }
    return new SpaceProbe(DRAWS, samples);
  }

  private static String suggestion(Shape input) {
    if (input.isFlat()) {
      return "Use the space mlp; or, if the values follow each other in time, layout: l in data.";
    }
    return input.height() == 1
        ? "Use the space signal, or write input: signal in the space."
        : "Use a space of images, such as mobile, or write input: image in the space.";
  }

  /** Enough of a data card to decode with: no search has prepared the data yet. */
  private static DataCard card(Shape input, int classes) {
    Split none = new Split("0".repeat(64), 1, 1);
    List<Float> zeros = Collections.nCopies(input.channels(), 0f);
    List<Float> ones = Collections.nCopies(input.channels(), 1f);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      names.add(Integer.toString(i));
    }
    return new DataCard("probe", input, names, zeros, ones, none, none, none);
  }

  /** The training plans of the samples, each once. */
  Set<TrainingPlan> trainings() {
    return samples.stream().map(s -> s.candidate().training()).collect(Collectors.toSet());
  }

  /** The share of the draws that can be built. */
  public double buildable() {
    return (double) samples.size() / drawn;
  }

  /** The value below which a share of the candidates lies. */
  public double quantile(Metric metric, double share) {
    List<Double> values =
        samples.stream().map(s -> s.costs().value(metric).orElseThrow()).sorted().toList();
    return values.get((int) Math.round(share * (values.size() - 1)));
  }

  /**
   * The share of candidates that a constraint rejects before training; empty if only measurements
   * can tell.
   */
  public OptionalDouble rejected(Constraint constraint) {
    if (samples.stream().allMatch(s -> constraint.foreseen(s.costs()).isEmpty())) {
      return OptionalDouble.empty();
    }
    return samples.stream()
        .mapToDouble(s -> constraint.foreseen(s.costs()).orElse(0) > 0 ? 1 : 0)
        .average();
  }

  /** The share of candidates that at least one constraint rejects before training. */
  public double rejected(List<Constraint> constraints) {
    return samples.stream()
        .mapToDouble(
            s -> constraints.stream().anyMatch(c -> c.foreseen(s.costs()).orElse(0) > 0) ? 1 : 0)
        .average()
        .orElse(0);
  }
}
