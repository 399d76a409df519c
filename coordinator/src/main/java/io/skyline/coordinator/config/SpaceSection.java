package io.skyline.coordinator.config;

import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.SpaceReader;
import io.skyline.yaml.Document;
import io.skyline.yaml.Fields;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Spelling;
import io.skyline.yaml.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code space}: a name of the catalog, a file, or a space written in the config. */
final class SpaceSection {
  private final Path folder;
  private final Problems problems;

  SpaceSection(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** The space, where the config names it, and the section with the space written out. */
  record Read(CandidateSpace space, Place place, Value resolved) {}

  Optional<Read> read(Fields config, String searchName) {
    Optional<Value> value = config.require("space", "space: mobile");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Value.Mapping) {
      return read(value.get(), searchName, value.get().place());
    }
    Optional<String> name = config.text(value.get(), "space");
    return name.flatMap(n -> named(n, value.get().place()));
  }

  private Optional<Read> named(String name, Place place) {
    Optional<String> yaml = Catalog.yaml(name);
    if (yaml.isPresent()) {
      byte[] bytes = yaml.get().getBytes(StandardCharsets.UTF_8);
      return read(Document.read(bytes, "catalog/" + name + ".yaml"), name, place);
    }
    Path file = folder.resolve(name);
    boolean looksLikeFile = name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
    if (!looksLikeFile && !Files.exists(file)) {
      problems.add(
          place,
          "there is no space '" + name + "'",
          Spelling.suggest(name, Catalog.names())
              + " `skyline spaces` lists the catalog; a path to a YAML file works as well.");
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      problems.add(
          place,
          "there is no file '" + name + "'",
          "Check the path; it is looked for in " + folder.toAbsolutePath().normalize() + ".");
      return Optional.empty();
    }
    try {
      return read(Document.read(file), "space", place);
    } catch (InvalidDocumentException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private Optional<Read> read(Value document, String name, Place place) {
    try {
      return Optional.of(new Read(SpaceReader.read(document, name), place, document));
    } catch (InvalidDocumentException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }
}
