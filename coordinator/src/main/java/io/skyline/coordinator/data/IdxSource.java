package io.skyline.coordinator.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Four IDX files, plain or gzipped, as MNIST and its relatives come.
 *
 * @param name as shown to users
 * @param validation what part of the training files guides the search, drawn with each class's
 *     share
 * @param seed of that draw
 * @param classNames in label order; empty if the labels' numbers are their names
 */
public record IdxSource(
    String name,
    Path trainImages,
    Path trainLabels,
    Path testImages,
    Path testLabels,
    Holdout validation,
    long seed,
    List<String> classNames)
    implements DataSource {
  public IdxSource {
    classNames = List.copyOf(classNames);
  }

  @Override
  public DataSplits read() {
    LabelledImages official = IdxReader.pair(RawFile.of(trainImages), RawFile.of(trainLabels));
    LabelledImages test = IdxReader.pair(RawFile.of(testImages), RawFile.of(testLabels));
    List<String> classes = classNames.isEmpty() ? numbered(official) : classNames;
    check(official, trainLabels, classes);
    check(test, testLabels, classes);
    if (!test.shape().equals(official.shape())) {
      throw new DataException(
          testImages.toString(),
          "byte 8",
          "its images are %s, those of %s are %s"
              .formatted(test.shape(), trainImages, official.shape()),
          "name training and test files of one data set",
          null);
    }
    int held = validation.examples(official.count());
    if (held < 1 || held >= official.count()) {
      throw new DataException(
          "%,d of the %,d training examples of %s cannot be held out for validation"
              .formatted(held, official.count(), name),
          "hold out at least one and leave at least one");
    }
    List<int[]> parts = StratifiedDraw.draw(official.labels(), classes.size(), seed, held);
    return new DataSplits(
        name, classes, official.select(parts.get(1)), official.select(parts.get(0)), test);
  }

  private List<String> numbered(LabelledImages images) {
    int last = Arrays.stream(images.labels()).max().orElse(0);
    if (last == 0) {
      throw new DataException(
          trainLabels.toString(),
          "byte " + IdxReader.labelByte(0),
          "every label is 0, so there is nothing to tell apart",
          "name a file with labels of at least two classes",
          null);
    }
    return IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
  }

  private static void check(LabelledImages images, Path file, List<String> classes) {
    for (int i = 0; i < images.count(); i++) {
      int label = images.labels()[i];
      if (label >= classes.size()) {
        throw new DataException(
            file.toString(),
            "byte %,d of its content".formatted(IdxReader.labelByte(i)),
            "label %d, but there are %d classes (0 to %d)"
                .formatted(label, classes.size(), classes.size() - 1),
            "correct the label, or list every class in the config",
            null);
      }
    }
  }
}
