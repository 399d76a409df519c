package io.skyline.coordinator.results;

import static io.skyline.coordinator.results.Html.escaped;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Counts;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code report.html}: one page that needs no other file, no script and no network. */
final class Report {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1060px;
             margin: 2em auto; padding: 0 1em; }
      h1, h2 { font-weight: 600; } h2 { margin-top: 2em; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .3em .8em; text-align: right; border-bottom: 1px solid #e4e4e4; }
      td.genome { text-align: left; font: 12px monospace; max-width: 26em; }
      pre { background: #f6f6f6; padding: 1em; overflow-x: auto; }
      svg { max-width: 100%; height: auto; }
      """;

  private Report() {}

  static String of(String run, SearchState state) {
    StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    html.append("<meta charset=\"utf-8\">\n<title>").append(escaped(run)).append("</title>\n");
    html.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
    html.append("<h1>").append(escaped(run)).append("</h1>\n");
    html.append("<p>").append(escaped(summary(state))).append("</p>\n");
    html.append("<h2>Frontier</h2>\n");
    html.append("<p>Orange: the frontier. Grey: every other scored trial.</p>\n");
    FrontierPicture.plots(state).forEach(plot -> html.append(Svg.of(plot)));
    models(html, state);
    html.append("<h2>Hypervolume</h2>\n");
    html.append(
        "<p>The share of the box between the limits and the best possible values that the frontier"
            + " dominates, by the numbers of each trial's training.</p>\n");
    html.append(Svg.of(FrontierPicture.hypervolume(state)));
    if (state.settings().halving().isPresent()) {
      html.append("<h2>Learning curves</h2>\n");
      html.append("<p>Validation scores at the rungs; orange: the frontier.</p>\n");
      html.append(Svg.of(LearningCurve.picture(state)));
    }
    SharedScores.of(state).ifPresent(scores -> shared(html, scores, state));
    Prescreen.summary(state)
        .ifPresent(
            text -> html.append("<h2>Prefilter</h2>\n<p>").append(escaped(text)).append("</p>\n"));
    failures(html, state);
    state.started().ifPresent(started -> inputs(html, started));
    return html.append("</body>\n</html>\n").toString();
  }

  private static String summary(SearchState state) {
    Counts counts = state.counts();
    String goals =
        state.settings().goals().objectives().stream()
            .map(Objective::text)
            .collect(Collectors.joining(", "));
    String limits =
        state.settings().goals().constraints().stream()
            .map(Report::text)
            .collect(Collectors.joining(", "));
    return "%d models on the frontier of %d scored trials; %d failed, %d stopped, %s%d candidates were"
            .formatted(
                state.frontier().members().size(),
                counts.scored(),
                counts.failed(),
                counts.stopped(),
                (counts.paused() > 0 ? counts.paused() + " paused, " : "")
                    + (counts.screened() > 0 ? counts.screened() + " screened out, " : ""),
                counts.rejected())
        + String.format(
            Locale.ROOT, " refused before training. Hypervolume %.4f. ", state.hypervolume())
        + (counts.recalled() == 0
            ? ""
            : counts.recalled() + " trials were not trained here but by earlier runs. ")
        + (state.learned().isEmpty()
            ? ""
            : "The controller began with " + state.learned().size() + " outcomes of earlier runs. ")
        + "Goals: "
        + goals
        + (limits.isEmpty() ? "." : "; " + limits + ".")
        + state.ended().filter(reason -> !reason.isEmpty()).map(why -> " " + why).orElse("");
  }

  private static String text(Constraint constraint) {
    return constraint.metric().word()
        + (constraint.bound() == Constraint.Bound.AT_MOST ? " <= " : " >= ")
        + MetricText.readable(constraint.metric(), constraint.limit());
  }

  private static void models(StringBuilder html, SearchState state) {
    List<Trial> members = Members.bestFirst(state);
    if (members.isEmpty()) {
      html.append("<pre>").append(escaped(FrontierTable.of(state))).append("</pre>\n");
      return;
    }
    List<Metric> metrics = Members.metrics(state);
    html.append("<table>\n<tr><th>trial</th>");
    metrics.forEach(m -> html.append("<th>").append(m.word().replace('_', ' ')).append("</th>"));
    html.append("<th>genome</th></tr>\n");
    for (Trial trial : members) {
      html.append("<tr><td><a href=\"models/%1$d/\">%1$d</a></td>".formatted(trial.number()));
      for (Metric metric : metrics) {
        String cell = MetricText.readable(trial.scorecard(), metric);
        html.append("<td>").append(escaped(cell)).append("</td>");
      }
      html.append("<td class=\"genome\">").append(escaped(trial.genome())).append("</td></tr>\n");
    }
    html.append("</table>\n");
    for (Trial trial : members) {
      for (String note : trial.notes()) {
        html.append("<p>")
            .append(escaped("trial " + trial.number() + ", " + note))
            .append("</p>\n");
      }
    }
  }

  private static void shared(StringBuilder html, SharedScores scores, SearchState state) {
    String name = scores.metric().word().replace('_', ' ');
    html.append("<h2>Shared weights</h2>\n<p>").append(escaped(scores.summary(state)));
    html.append("</p>\n<table>\n<tr><th>trial</th><th>").append(name);
    html.append(" with shared weights</th><th>").append(name).append(" from scratch</th></tr>\n");
    for (Trial trial : state.trials()) {
      html.append(
          "<tr><td>%d</td><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  trial.number(),
                  escaped(MetricText.readable(scores.of(trial), scores.metric())),
                  escaped(MetricText.readable(trial.trained(), scores.metric()))));
    }
    html.append("</table>\n");
  }

  private static void failures(StringBuilder html, SearchState state) {
    Map<String, Long> reasons =
        state.trials().stream()
            .flatMap(trial -> trial.failure().stream())
            .collect(
                Collectors.groupingBy(
                    failure -> failure.kind() + ": " + failure.reason(),
                    TreeMap::new,
                    Collectors.counting()));
    if (reasons.isEmpty()) {
      return;
    }
    html.append("<h2>Failures</h2>\n<ul>\n");
    reasons.forEach(
        (reason, count) -> html.append("<li>%d x %s</li>\n".formatted(count, escaped(reason))));
    html.append("</ul>\n");
  }

  private static void inputs(StringBuilder html, SearchEvent.Started started) {
    html.append("<h2>Config</h2>\n<p>");
    html.append(
        escaped(
            "Data %s (training split %s), seed %d, build %s."
                .formatted(
                    started.data().name(),
                    started.data().train().digest().substring(0, 12),
                    started.seed(),
                    started.build())));
    html.append("</p>\n<pre>").append(escaped(started.configYaml())).append("</pre>\n");
  }
}
