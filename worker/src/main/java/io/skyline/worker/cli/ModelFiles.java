package io.skyline.worker.cli;

import io.skyline.scorecard.BadInputException;
import io.skyline.worker.pack.PackedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model as users name it: {@code model.onnx}, {@code model.sky}, or a folder that holds one.
 *
 * @param file the model's file
 * @param onnx the model
 * @param labels class names from {@code labels.txt} beside it; empty without one
 */
record ModelFiles(Path file, byte[] onnx, List<String> labels) {
  private static final long LARGEST_LABELS = 16 << 20;

  /**
   * Reads a model.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  static ModelFiles read(Path path) throws IOException {
    Path file = file(path);
    byte[] onnx = file.toString().endsWith(".sky") ? PackedModel.unpack(file) : bounded(file);
    return new ModelFiles(file, onnx, labels(file.resolveSibling("labels.txt")));
  }

  private static Path file(Path path) {
    if (Files.isDirectory(path)) {
      for (String name : List.of("model.onnx", "model.sky")) {
        if (Files.isRegularFile(path.resolve(name))) {
          return path.resolve(name);
        }
      }
      throw new UnusableFileException(path + ": holds neither model.onnx nor model.sky");
    }
    if (!Files.isRegularFile(path)) {
      throw new UnusableFileException(path + ": no such model");
    }
    return path;
  }

  private static byte[] bounded(Path file) throws IOException {
    if (Files.size(file) > PackedModel.LARGEST_MODEL) {
      throw new UnusableFileException(
          file + ": larger than any model (" + PackedModel.LARGEST_MODEL + " bytes)");
    }
    return Files.readAllBytes(file);
  }

  private static List<String> labels(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_LABELS) {
      return List.of();
    }
    return Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** Where {@code card.json} is, if it lies beside the model. */
  Path card() {
    return file.resolveSibling("card.json");
  }

  /** The name of a class: its line in labels.txt, or its number. */
  String label(int index) {
    return index < labels.size() ? labels.get(index) : "class " + index;
  }
}
