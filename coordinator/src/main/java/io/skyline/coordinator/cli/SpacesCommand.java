package io.skyline.coordinator.cli;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.config.SpaceProbe;
import io.skyline.coordinator.config.SpaceProbe.Sample;
import io.skyline.cost.CandidateCost;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.Decision;
import io.skyline.space.InputKind;
import io.skyline.space.SpaceReader;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Spelling;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skyline spaces}: lists the catalog; {@code spaces show} looks into one space. */
@Command(
    name = "spaces",
    description = "Lists the spaces that come with Skyline.",
    subcommands = SpacesCommand.Show.class)
final class SpacesCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int BAD_INPUT = 2;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : Catalog.names()) {
      CandidateSpace space = Catalog.space(name);
      out.printf(
          Locale.ROOT,
          "%-16s %3d decisions, %s genomes%n",
          name,
          space.decisions().decisions().size(),
          rounded(space.decisions().size()));
    }
    out.flush();
    return OK;
  }

  /** Exactly up to a million, then three digits and a power of ten. */
  static String rounded(BigInteger size) {
    return size.bitLength() <= 20
        ? String.format(Locale.ROOT, "%,d", size)
        : String.format(
            Locale.ROOT, "%.2e", new BigDecimal(size).round(new MathContext(3)).doubleValue());
  }

  /** {@code skyline spaces show NAME|FILE}. */
  @Command(
      name = "show",
      description = "Prints a space's decisions and its size, and draws three random candidates.")
  static final class Show implements Callable<Integer> {
    private static final int SAMPLES = 3;
    private static final String IMAGE = "1x28x28";
    private static final String SIGNAL = "1x1x128";

    @Parameters(paramLabel = "NAME|FILE", description = "a space of the catalog, or a YAML file")
    private String space = "";

    @Option(
        names = "--input",
        paramLabel = "CxHxW",
        description =
            "input shape of the samples (default: 1x28x28, or 1x1x128 in a space of signals)")
    private String input = "";

    @Option(
        names = "--classes",
        paramLabel = "N",
        defaultValue = "10",
        description = "classes of the samples (default: ${DEFAULT-VALUE})")
    private int classes;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      try {
        show(out);
        out.flush();
        return OK;
      } catch (BadInputException e) {
        err.println(e.getMessage());
      }
      err.flush();
      return BAD_INPUT;
    }

    private void show(PrintWriter out) {
      CandidateSpace found = find();
      if (input.isEmpty()) {
        input = found.input().equals(Optional.of(InputKind.SIGNAL)) ? SIGNAL : IMAGE;
      }
      SpaceProbe probe =
          SpaceProbe.of(found, shape(), classes, TrainingPlan.standard(1), new Place(space, 0, 0));
      out.printf(
          Locale.ROOT, "%s: %,d genomes%n", found.decisions().name(), found.decisions().size());
      for (Decision decision : found.decisions().decisions()) {
        String when =
            decision
                .when()
                .map(w -> "  when " + w.decision() + " is " + values(w, found))
                .orElse("");
        out.printf(
            Locale.ROOT,
            "  %-22s %s%s%n",
            decision.name(),
            String.join(" ", decision.values()),
            when);
      }
      out.printf(
          Locale.ROOT,
          "%.1f %% of %,d random candidates can be built for %s and %d classes, such as%n",
          100 * probe.buildable(),
          probe.drawn(),
          input,
          classes);
      for (Sample sample : probe.samples().subList(0, Math.min(SAMPLES, probe.samples().size()))) {
        out.println("  " + sample.genome());
        Candidate candidate = sample.candidate();
        NetworkDrawing.lines(
                candidate.recipe().deployed(candidate.architecture()),
                CandidateCost.breakdown(candidate))
            .forEach(line -> out.println("    " + line));
        out.println("    recipe: " + candidate.recipe().text());
        out.println("    " + costs(sample));
      }
    }

    private static String values(Decision.When when, CandidateSpace space) {
      List<String> values =
          space.decisions().decisions().stream()
              .filter(d -> d.name().equals(when.decision()))
              .flatMap(d -> d.values().stream())
              .filter(when.values()::contains)
              .toList();
      return String.join(" or ", values);
    }

    private static String costs(Sample sample) {
      StringBuilder text = new StringBuilder();
      for (Metric metric : Metric.values()) {
        sample
            .costs()
            .value(metric)
            .ifPresent(
                value ->
                    text.append(text.isEmpty() ? "" : ", ")
                        .append(metric.word())
                        .append(' ')
                        .append(new Quantity(value, metric.unit()).text()));
      }
      return text.toString();
    }

    private CandidateSpace find() {
      if (Catalog.names().contains(space)) {
        return Catalog.space(space);
      }
      if (space.contains("/") || space.endsWith(".yaml") || space.endsWith(".yml")) {
        return SpaceReader.read(Path.of(space));
      }
      throw new InvalidDocumentException(
          new Place("spaces show", 0, 0),
          "there is no space '" + space + "'",
          Spelling.suggest(space, Catalog.names()));
    }

    private Shape shape() {
      if (!input.matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}x[1-9]\\d{0,3}")) {
        throw new InvalidDocumentException(
            new Place("--input " + input, 0, 0),
            "is no shape",
            "Write channels x height x width, such as 3x32x32.");
      }
      String[] extents = input.split("x", -1);
      return new Shape(
          Integer.parseInt(extents[0]), Integer.parseInt(extents[1]), Integer.parseInt(extents[2]));
    }
  }
}
