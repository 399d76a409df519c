package io.skyline.coordinator.cli;

import io.skyline.coordinator.benchmark.BenchmarkText;
import io.skyline.coordinator.benchmark.NetworkTable;
import io.skyline.coordinator.benchmark.SearchBenchmark;
import io.skyline.coordinator.benchmark.TableReader;
import io.skyline.coordinator.benchmark.TableScore;
import io.skyline.coordinator.benchmark.TableSearch;
import io.skyline.coordinator.benchmark.Target;
import io.skyline.coordinator.config.ControllerSettings;
import io.skyline.coordinator.controller.ControllerType;
import io.skyline.coordinator.controller.Controllers;
import io.skyline.coordinator.search.Halving;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Spelling;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code skyline benchmark search}; its sibling {@code training} runs on a worker's class path. */
@Command(
    name = "benchmark",
    description = "Measures controllers on a table of trained networks.",
    subcommands = BenchmarkCommand.Search.class)
final class BenchmarkCommand {
  private BenchmarkCommand() {}

  /** Runs controllers on a table, many seeds each. */
  @Command(
      name = "search",
      mixinStandardHelpOptions = true,
      description = {
        "Runs controllers on a table of trained networks, over many seeds, in seconds.",
        "The table is a CSV file, plain or gzipped: a column with the genome, as characters or as"
            + " words, and columns with numbers. Genomes that no row lists are infeasible and cost"
            + " nothing. Columns NAME_1, NAME_2, ... are the learning curve NAME."
      })
  static final class Search implements Callable<Integer> {
    private static final List<Integer> TRIALS = List.of(50, 100, 200, 500);
    private static final List<Integer> FULL_TRAININGS = List.of(5, 10, 20, 40);

    @Option(names = "--table", required = true, paramLabel = "FILE", description = "the table")
    private Path table = Path.of("");

    @Option(
        names = "--genome",
        paramLabel = "COLUMN",
        description = "the genome's column, if not one of genome, ops, arch, architecture, layers")
    private @Nullable String genome;

    @Option(
        names = "--objectives",
        required = true,
        paramLabel = "LIST",
        description = "such as 'maximize acc1, minimize flops'")
    private String objectives = "";

    @Option(
        names = "--controller",
        required = true,
        split = ",",
        paramLabel = "NAME",
        description =
            "one or more, with settings if wanted: random,evolution:population=50:sample=10; the"
                + " others are compared with the first")
    private List<String> controllers = List.of();

    @Option(
        names = "--seeds",
        defaultValue = "20",
        paramLabel = "N",
        description = "searches of each controller, with seeds from 0. Default: ${DEFAULT-VALUE}")
    private int seeds;

    @Option(
        names = "--budget",
        paramLabel = "N",
        description = "trials of each search. Default: 100, with --curves 40")
    private @Nullable Integer budget;

    @Option(
        names = "--checkpoints",
        split = ",",
        paramLabel = "N",
        description =
            "numbers of trials to report. Default: those of 50, 100, 200, 500 within the budget"
                + " (with --curves 5, 10, 20, 40), and the budget")
    private List<Integer> checkpoints = List.of();

    @Option(
        names = "--lookahead",
        defaultValue = "1",
        paramLabel = "N",
        description =
            "a proposal knows the outcomes of all but the last N - 1 trials. Default:"
                + " ${DEFAULT-VALUE}")
    private int lookahead;

    @Option(
        names = "--curves",
        description =
            "the first objective is a learning curve; a trial is a full training, scored by its"
                + " last epoch")
    private boolean curves;

    @Option(
        names = "--halving",
        arity = "0..1",
        fallbackValue = "",
        paramLabel = "from=N,eta=N",
        description =
            "with --curves: trainings pause after N epochs and after each time eta times as many;"
                + " one in eta goes on. The budget's trials pay for as many epochs. Default of from:"
                + " a 27th of a full training, of eta: 3")
    private @Nullable String halving;

    @Option(
        names = "--reference",
        split = ",",
        paramLabel = "COLUMN=VALUE",
        description =
            "the worst value of an objective that counts in the box hypervolume, such as acc1=85")
    private Map<String, Double> references = new LinkedHashMap<>();

    @Option(
        names = "--report",
        split = ",",
        paramLabel = "COLUMN",
        description = "columns of the incumbent to report, such as its accuracy on test data")
    private List<String> reports = List.of();

    @Option(
        names = "--format",
        defaultValue = "table",
        description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Format format = Format.TABLE;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** What the results are written as. */
    enum Format {
      TABLE,
      CSV
    }

    @Override
    public Integer call() {
      if (seeds < 1 || lookahead < 1) {
        throw bad(
            seeds < 1 ? "--seeds" : "--lookahead",
            "it is at least 1",
            "Leave it away for the usual.");
      }
      List<Target> targets = Target.parse(objectives);
      checkReports(targets);
      Set<String> columns = new LinkedHashSet<>(reports);
      targets.forEach(target -> columns.add(target.column()));
      NetworkTable read = TableReader.read(table, Optional.ofNullable(genome), columns);
      if (curves && read.epochs(targets.get(0).column()).isEmpty()) {
        throw bad(
            "--curves",
            "'" + targets.get(0).column() + "' is a column, not a learning curve",
            "Columns NAME_1, NAME_2, ... are the learning curve NAME.");
      }
      Map<String, ControllerSettings> parsed = new LinkedHashMap<>();
      for (String text : controllers) {
        ControllerSettings settings = controller(text.strip());
        check(text, settings, read, targets);
        parsed.put(text.strip(), settings);
      }
      SearchBenchmark benchmark =
          new SearchBenchmark(
              new TableSearch(read, targets, lookahead, rungs(read, targets.get(0))),
              TableScore.of(read, targets, references, reports),
              points(),
              seeds);
      List<SearchBenchmark.Result> results = new ArrayList<>();
      parsed.forEach((text, settings) -> results.addAll(benchmark.run(text, settings)));
      PrintWriter out = spec.commandLine().getOut();
      out.print(format == Format.CSV ? BenchmarkText.csv(results) : BenchmarkText.tables(results));
      out.flush();
      return CommandLine.ExitCode.OK;
    }

    private Optional<Halving> rungs(NetworkTable read, Target target) {
      if (halving == null) {
        return Optional.empty();
      }
      if (!curves) {
        throw bad("--halving", "it pauses trainings along learning curves", "Add --curves.");
      }
      return Optional.of(HalvingOption.parse(halving, read.epochs(target.column()).orElseThrow()));
    }

    private void check(
        String text, ControllerSettings settings, NetworkTable read, List<Target> targets) {
      try {
        settings.create(read.space(), Target.goals(targets), 0);
      } catch (IllegalArgumentException e) {
        throw bad("--controller " + text, String.valueOf(e.getMessage()), "Correct the setting.");
      }
    }

    private void checkReports(List<Target> targets) {
      Set<String> names = new LinkedHashSet<>();
      targets.forEach(target -> names.add(target.column()));
      for (String column : references.keySet()) {
        if (!names.contains(column)) {
          throw bad(
              "--reference", "'" + column + "' is no objective", Spelling.suggest(column, names));
        }
      }
      if (targets.size() > 1 && !reports.isEmpty()) {
        throw bad(
            "--report",
            "several objectives have no incumbent",
            "Give one objective, or no report.");
      }
      if (targets.size() == 1 && !references.isEmpty()) {
        throw bad("--reference", "a single objective has no hypervolume", "Leave the option away.");
      }
    }

    private List<Integer> points() {
      int most = budget != null ? budget : curves ? 40 : 100;
      List<Integer> wanted = new ArrayList<>(checkpoints);
      if (wanted.isEmpty()) {
        wanted.addAll(curves ? FULL_TRAININGS : TRIALS);
        wanted.removeIf(point -> point >= most);
        wanted.add(most);
      }
      wanted.sort(Integer::compare);
      if (wanted.get(0) < 1 || wanted.get(wanted.size() - 1) > most) {
        throw bad(
            checkpoints.isEmpty() ? "--budget" : "--checkpoints",
            "trials are counted from 1 to the budget of " + most,
            "Change one of them.");
      }
      return wanted.stream().distinct().toList();
    }

    private ControllerSettings controller(String text) {
      List<String> parts = List.of(text.split(":", -1));
      List<String> known = Controllers.all().stream().map(ControllerType::name).toList();
      ControllerType type =
          Controllers.named(parts.get(0))
              .orElseThrow(
                  () ->
                      bad(
                          "--controller",
                          "there is no '" + parts.get(0) + "'",
                          Spelling.suggest(parts.get(0), known)));
      Map<String, Double> values = new HashMap<>();
      for (String setting : parts.subList(1, parts.size())) {
        String[] sides = setting.split("=", 2);
        try {
          values.put(sides[0], Double.parseDouble(sides[sides.length - 1]));
        } catch (NumberFormatException e) {
          throw bad(
              "--controller",
              "'" + setting + "' is no setting",
              "Write, for example, evolution:population=50:sample=10.");
        }
      }
      return new ControllerSettings(type, values);
    }

    private static InvalidDocumentException bad(String option, String what, String suggestion) {
      return new InvalidDocumentException(new Place(option, 0, 0), what, suggestion);
    }
  }
}
