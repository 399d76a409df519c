package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PNG and JPEG files in one folder a class; those in {@code train/}, {@code validation/} and {@code
 * test/} if there is {@code train/}.
 *
 * @param shape 1 channel (grey) or 3 (colour), and the size that every image is brought to
 * @param rule for the parts that have no folder
 * @param skipBad whether images that cannot be read are left out
 */
public record FolderSource(String name, Path folder, Shape shape, SplitRule rule, boolean skipBad)
    implements DataSource {
  @Override
  public DataSplits read() {
    if (!Files.isDirectory(folder)) {
      throw new DataException("there is no folder " + folder, "correct the path");
    }
    Map<Part, Path> parts = parts();
    Path trained = parts.getOrDefault(Part.TRAIN, folder);
    List<String> classes =
        FolderFiles.folders(trained).stream().map(p -> String.valueOf(p.getFileName())).toList();
    if (classes.size() < 2) {
      throw new DataException(
          "%s has %d folders, which are the classes".formatted(trained, classes.size()),
          "make one folder a class, at least two");
    }
    Intake intake = new Intake(shape, false);
    BadExamples bad = new BadExamples(skipBad);
    try {
      for (Map.Entry<Part, Path> part : parts.entrySet()) {
        read(part.getKey(), part.getValue(), classes, intake, bad);
      }
      return DataSplits.classes(name, classes, intake, rule, List.of(), bad.skipped());
    } catch (RuntimeException e) {
      intake.close();
      throw e;
    }
  }

  private Map<Part, Path> parts() {
    if (!Files.isDirectory(folder.resolve(Part.TRAIN.word()))) {
      return Map.of(Part.TRAIN, folder);
    }
    Map<Part, Path> parts = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      Path given = folder.resolve(part.word());
      if (Files.isDirectory(given)) {
        parts.put(part, given);
      }
    }
    return parts;
  }

  private void read(Part part, Path given, List<String> classes, Intake intake, BadExamples bad) {
    int before = intake.count();
    for (Path kind : FolderFiles.folders(given)) {
      int label = classes.indexOf(String.valueOf(kind.getFileName()));
      if (label < 0) {
        throw new DataException(
            "the class of " + kind + " has no folder with training images", "add or remove it");
      }
      intake.begin(part, kind.toString());
      FolderFiles.images(kind, shape, bad, image -> intake.add(image, label));
    }
    if (intake.count() == before) {
      throw new DataException(
          "there is no PNG or JPEG file that can be read in the folders of " + given,
          "put the images of each class into a folder of its name");
    }
  }
}
