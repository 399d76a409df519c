package io.skyline.coordinator.cli;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.config.SpaceProbe;
import io.skyline.coordinator.config.TimeEstimate;
import io.skyline.coordinator.config.TrainingCheck;
import io.skyline.coordinator.data.DataSplits;
import io.skyline.coordinator.data.UnlabelledSource;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Unit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code skyline validate CONFIG...}: says whether searches would start, and what they would do.
 */
@Command(
    name = "validate",
    description = "Checks configs without starting anything; exit code 2 if one is wrong.")
final class ValidateCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int BAD_INPUT = 2;

  @Parameters(paramLabel = "CONFIG", arity = "1..*", description = "config files")
  private List<Path> configs = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "lay a value over the config, such as --set budget.trials=9")
  private List<String> overrides = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = OK;
    for (Path file : configs) {
      try {
        SearchConfig config = ConfigReader.read(file, overrides);
        String summary = summary(config);
        out.println(file + ": ok");
        out.print(summary);
      } catch (BadInputException e) {
        err.println(e.getMessage());
        code = BAD_INPUT;
      }
    }
    out.flush();
    err.flush();
    return code;
  }

  private static String kind(Shape shape, boolean nameless) {
    if (!nameless || shape.isFlat()) {
      return "features";
    }
    return shape.height() == 1 ? "signals" : "images";
  }

  private static String summary(SearchConfig config) {
    try (DataSplits data = config.data().read()) {
      return summary(config, data);
    }
  }

  private static String summary(SearchConfig config, DataSplits data) {
    Shape shape = data.train().shape();
    SpaceProbe probe =
        SpaceProbe.of(
            config.space(),
            shape,
            data.outputs(),
            config.training(),
            config.spacePlace(),
            config.device());
    TrainingCheck.check(config, probe, shape, data.classNames().size());
    StringBuilder text = new StringBuilder();
    line(
        text,
        "data",
        "%s, %s %s%s: %,d to train, %,d to validate, %,d to test",
        data.name(),
        shape,
        kind(shape, data.features().isEmpty()),
        data.target()
            .map(target -> " to predict " + target)
            .orElse(" in " + data.classNames().size() + " classes"),
        data.train().count(),
        data.validation().count(),
        data.test().count());
    if (data.skipped().count() > 0) {
      line(text, "", "%s", data.skipped().text());
    }
    int unlabelled = 0;
    if (config.transfer().isPresent()) {
      unlabelled = unlabelled(config.transfer().get(), data, text);
    }
    line(
        text,
        "space",
        "%s, %s genomes in %d decisions, %.1f %% of random ones can be built",
        config.space().decisions().name(),
        SpacesCommand.rounded(config.space().decisions().size()),
        config.space().decisions().decisions().size(),
        100 * probe.buildable());
    List<Metric> known =
        new ArrayList<>(List.of(Metric.MACS, Metric.PARAMETERS, Metric.PEAK_MEMORY));
    config.device().ifPresent(device -> known.add(Metric.PREDICTED_LATENCY));
    for (Metric metric : known) {
      line(
          text,
          "",
          "%s %s, half of them between %s and %s",
          metric.word(),
          range(probe, metric, 0, 1),
          text(metric, probe.quantile(metric, .25)),
          text(metric, probe.quantile(metric, .75)));
    }
    line(
        text,
        "goals",
        "%s",
        config.search().goals().objectives().stream()
            .map(Objective::text)
            .collect(Collectors.joining(", ")));
    for (Constraint constraint : config.search().goals().constraints()) {
      line(text, "", "%s", constraint(constraint, probe));
    }
    line(text, "search", "%s", plan(config));
    line(text, "", "%s", estimate(config, probe, data.train().count() + unlabelled));
    return text.toString();
  }

  private static int unlabelled(UnlabelledSource source, DataSplits data, StringBuilder text) {
    try (UnlabelledSource.Read read = source.read(data.train())) {
      line(text, "", "%,d more without labels, for teachers", read.examples().count());
      if (read.skipped().count() > 0) {
        line(text, "", "%s", read.skipped().text());
      }
      return read.examples().count();
    }
  }

  private static String constraint(Constraint constraint, SpaceProbe probe) {
    String share =
        probe.rejected(constraint).isPresent()
            ? String.format(
                Locale.ROOT,
                "rejects %.0f %% of random candidates before training",
                100 * probe.rejected(constraint).getAsDouble())
            : "checked once measured";
    return constraint.text() + " (" + share + ")";
  }

  private static String plan(SearchConfig config) {
    SearchSettings search = config.search();
    int trials = search.budget().trials();
    StringBuilder text = new StringBuilder(drawn(config));
    text.append(config.sharing().isPresent() ? " " : ", ");
    if (trials != Integer.MAX_VALUE) {
      text.append(String.format(Locale.ROOT, "%,d trials of ", trials));
    } else {
      text.append("trials of ");
    }
    text.append(config.training().epochs()).append(" epochs");
    search
        .halving()
        .ifPresent(
            halving ->
                text.append(", of which one in ")
                    .append(halving.eta())
                    .append(" goes on after ")
                    .append(pauses(halving)));
    search
        .budget()
        .time()
        .ifPresent(
            time ->
                text.append(" within ")
                    .append(new Quantity(time.toSeconds(), Unit.SECONDS).text()));
    search.prefilter().ifPresent(filter -> text.append(screened(filter)));
    search.finalEpochs().ifPresent(e -> text.append(", frontier refitted over ").append(e));
    config
        .localWorkers()
        .ifPresentOrElse(
            n -> text.append(", on ").append(n).append(" local workers"),
            () -> text.append(", on workers that join"));
    if (search.slotsIdle()) {
      text.append(" (more than the lookahead of ").append(search.lookahead()).append(" can use)");
    }
    return text.toString();
  }

  private static String screened(Prefilter filter) {
    return String.format(
        Locale.ROOT,
        ", proposals screened after %,d by %s, %.0f %% or more of them trained",
        filter.after(),
        filter.scores().stream().map(Metric::word).collect(Collectors.joining(", ")),
        100 * filter.keep());
  }

  /** Who proposes, and what comes before the trials. */
  private static String drawn(SearchConfig config) {
    Optional<SharingSettings> sharing = config.search().sharing();
    if (sharing.isEmpty() || config.sharing().isEmpty()) {
      return config.controller().type().name();
    }
    String idle =
        config.search().slots() > sharing.get().lookahead()
            ? " (a lookahead of %d keeps so many workers busy)".formatted(sharing.get().lookahead())
            : "";
    return String.format(
        Locale.ROOT,
        "%s, %,d steps of %,d batches on shared weights%s, %,d candidates, then",
        config.sharing().get().type().name(),
        sharing.get().steps(),
        sharing.get().batches(),
        idle,
        sharing.get().candidates());
  }

  private static String pauses(Halving halving) {
    List<Integer> rungs = halving.rungs();
    return rungs.subList(0, rungs.size() - 1).stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" and "));
  }

  private static String estimate(SearchConfig config, SpaceProbe probe, int images) {
    Duration each = TimeEstimate.training(probe, images);
    String text = "training a candidate takes roughly " + text(each);
    int trials = config.search().budget().trials();
    if (trials == Integer.MAX_VALUE || config.localWorkers().isEmpty()) {
      return text + " of one core";
    }
    double full =
        config
            .search()
            .halving()
            .map(halving -> halving.expectedEpochs(trials) / halving.epochs())
            .orElse((double) trials);
    Duration all =
        Duration.ofMillis((long) (each.toMillis() * full / config.localWorkers().getAsInt()));
    return text + " of one core, all of them " + text(all);
  }

  private static String text(Duration time) {
    return new Quantity(Math.max(1, time.toSeconds()), Unit.SECONDS).text();
  }

  private static String range(SpaceProbe probe, Metric metric, double from, double to) {
    return text(metric, probe.quantile(metric, from))
        + " to "
        + text(metric, probe.quantile(metric, to));
  }

  private static String text(Metric metric, double value) {
    return new Quantity(value, metric.unit()).text();
  }

  private static void line(StringBuilder text, String title, String form, Object... values) {
    text.append(String.format(Locale.ROOT, "  %-7s ", title));
    text.append(String.format(Locale.ROOT, form, values)).append('\n');
  }
}
