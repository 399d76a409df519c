package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.scorecard.DataCard;
import java.util.Optional;
import java.util.regex.Pattern;

/** The data of a search as {@code card.json} tells it. */
final class DataCardJson {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private DataCardJson() {}

  /** What a card says of its data. */
  static void write(ObjectNode node, DataCard data) {
    node.put("name", data.name());
    node.put("input", data.input().toString());
    data.regression()
        .ifPresentOrElse(
            target -> node.put("target", target.name()), () -> node.put("classes", data.classes()));
    for (DataCard.Feature feature : data.features()) {
      node.withArray("features")
          .addObject()
          .put("name", feature.name())
          .put("missing", feature.missing());
    }
    if (data.skipped() > 0) {
      node.put("skipped", data.skipped());
    }
    write(node.putObject("train"), data.train());
    write(node.putObject("validation"), data.validation());
    data.unlabelled().ifPresent(split -> write(node.putObject("unlabelled"), split));
  }

  /** What it says of a split. */
  static void write(ObjectNode node, DataCard.Split split) {
    node.put("digest", split.digest());
    node.put("examples", split.examples());
  }

  /**
   * The split that {@link #write} wrote.
   *
   * @param bytes how large its file is, which a card does not say
   * @return empty if it is none
   */
  static Optional<DataCard.Split> split(JsonNode node, long bytes) {
    String digest = node.path("digest").asText();
    return DIGEST.matcher(digest).matches()
        ? Optional.of(new DataCard.Split(digest, node.path("examples").asInt(), bytes))
        : Optional.empty();
  }
}
