package io.skyline.coordinator.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Counts;
import io.skyline.coordinator.search.NearMiss;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Scorecard;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * {@code frontier.json}: the members with every number, its tolerance and confidence, and what they
 * came from.
 */
final class FrontierJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int NEAR_MISSES = 5;

  private FrontierJson() {}

  static String of(SearchState state) {
    ObjectNode root = MAPPER.createObjectNode();
    state.started().ifPresent(started -> inputs(root, started));
    root.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
    state.ended().filter(reason -> !reason.isEmpty()).ifPresent(why -> root.put("ended", why));
    goals(root, state);
    Counts counts = state.counts();
    root.putObject("trials")
        .put("proposed", counts.proposed())
        .put("scored", counts.scored())
        .put("failed", counts.failed())
        .put("stopped", counts.stopped())
        .put("paused", counts.paused())
        .put("screened", counts.screened())
        .put("rejected", counts.rejected())
        .put("from_earlier_runs", counts.recalled());
    root.put("hypervolume", state.hypervolume());
    ArrayNode members = root.putArray("frontier");
    Members.bestFirst(state).forEach(trial -> member(members.addObject(), state, trial));
    if (state.frontier().members().isEmpty()) {
      ArrayNode misses = root.putArray("nearest_misses");
      for (NearMiss miss : state.nearestMisses(NEAR_MISSES)) {
        ObjectNode node = misses.addObject();
        node.put("step", miss.step());
        node.put("violation", miss.violation());
        scorecard(node, miss.scorecard());
        node.put("genome", miss.genome());
      }
    }
    return text(root);
  }

  private static void inputs(ObjectNode root, SearchEvent.Started started) {
    root.put("search", started.name());
    root.put("seed", started.seed());
    root.put("build", started.build());
    DataCard data = started.data();
    ObjectNode node = root.putObject("data");
    node.put("name", data.name());
    node.put("train", data.train().digest());
    node.put("validation", data.validation().digest());
    node.put("test", data.test().digest());
    data.unlabelled().ifPresent(split -> node.put("unlabelled", split.digest()));
    if (data.skipped() > 0) {
      node.put("skipped", data.skipped());
    }
  }

  private static void goals(ObjectNode root, SearchState state) {
    ArrayNode objectives = root.putArray("objectives");
    state.settings().goals().objectives().forEach(objective -> objectives.add(objective.text()));
    ArrayNode constraints = root.putArray("constraints");
    for (Constraint constraint : state.settings().goals().constraints()) {
      constraints
          .addObject()
          .put("metric", constraint.metric().word())
          .put("bound", constraint.bound() == Constraint.Bound.AT_MOST ? "<=" : ">=")
          .put("limit", constraint.limit())
          .put("unit", constraint.metric().unit().name().toLowerCase(Locale.ROOT));
    }
  }

  private static void member(ObjectNode node, SearchState state, Trial trial) {
    node.put("trial", trial.number());
    scorecard(node, trial.scorecard());
    node.put("genome", trial.genome());
    if (state.settings().halving().isPresent()) {
      ArrayNode curve = node.putArray("learning_curve");
      LearningCurve.of(state, trial)
          .points()
          .forEach(
              point -> curve.addObject().put("epochs", point.epochs()).put("score", point.score()));
    }
    ArrayNode files = node.putArray("artifacts");
    trial
        .artifacts()
        .forEach(
            artifact ->
                files
                    .addObject()
                    .put("name", artifact.name())
                    .put("sha256", artifact.digest())
                    .put("bytes", artifact.bytes()));
    ArrayNode notes = node.putArray("notes");
    trial.notes().forEach(notes::add);
  }

  private static void scorecard(ObjectNode node, Scorecard scorecard) {
    ObjectNode numbers = node.putObject("scorecard");
    scorecard
        .measurements()
        .forEach(
            (metric, measurement) -> {
              ObjectNode number = numbers.putObject(metric.word());
              number.put("value", measurement.value());
              number.put("unit", metric.unit().name().toLowerCase(Locale.ROOT));
              if (measurement.tolerance() > 0) {
                number.put("tolerance", measurement.tolerance());
                number.put("confident", measurement.confident());
              }
            });
  }

  private static String text(ObjectNode root) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return MAPPER.writer(printer).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
