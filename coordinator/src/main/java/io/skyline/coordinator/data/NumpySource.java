package io.skyline.coordinator.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * NumPy arrays: one NPZ, with {@code x_train}, {@code y_train} and their like or one a part with
 * {@code images} and {@code labels}; or pairs of NPY files.
 *
 * <p>Examples are uint8 or floating-point arrays whose first axis counts them; labels are whole
 * numbers from 0, targets any numbers.
 *
 * @param files of the parts that are given; training is
 * @param layout of an example's axes; null to take it from the shape
 * @param isRegression whether a number is to be predicted
 * @param classNames in label order; empty if the labels' numbers are their names
 */
public record NumpySource(
    String name,
    List<Given> files,
    @Nullable ArrayLayout layout,
    boolean isRegression,
    List<String> classNames,
    SplitRule rule,
    boolean skipBad)
    implements DataSource {
  private static final int MOST_CLASSES = 10_000;

  public NumpySource {
    files = List.copyOf(files);
    classNames = List.copyOf(classNames);
  }

  /**
   * The file of a part.
   *
   * @param part {@code train}, {@code validation} or {@code test}
   * @param answers labels or targets; null if {@code examples} is an NPZ with both
   */
  public record Given(String part, Path examples, @Nullable Path answers) {}

  /** A part and where its arrays are. */
  private record Located(Part part, NumpyFiles.Pair arrays) {}

  @Override
  public DataSplits read() {
    List<Located> parts = locate();
    ArrayForm form = form(parts.get(0).arrays().examples());
    Intake intake = new Intake(form.shape(), form.floats());
    BadExamples bad = new BadExamples(skipBad);
    try {
      for (Located part : parts) {
        intake.begin(part.part(), part.arrays().examples().name());
        read(part.arrays(), form, intake, bad);
      }
      if (isRegression) {
        return DataSplits.numbers(name, "target", intake, rule, List.of(), bad.skipped());
      }
      return DataSplits.classes(name, classes(intake), intake, rule, List.of(), bad.skipped());
    } catch (RuntimeException e) {
      intake.close();
      throw e;
    }
  }

  private List<Located> locate() {
    List<Located> parts = new ArrayList<>();
    for (Given given : files) {
      Part part = Part.valueOf(given.part().toUpperCase(java.util.Locale.ROOT));
      if (given.answers() != null) {
        RawFile examples = RawFile.of(given.examples());
        parts.add(new Located(part, new NumpyFiles.Pair(examples, RawFile.of(given.answers()))));
        continue;
      }
      RawFile.of(given.examples());
      Optional<NumpyFiles.Pair> found = NumpyFiles.find(given.examples(), part, true);
      if (found.isEmpty()) {
        throw new DataException(
            given.examples() + " has no " + NumpyFiles.expected() + " for " + part.word(),
            "save it with numpy.savez(file, images=..., labels=...)");
      }
      parts.add(new Located(part, found.get()));
    }
    if (files.size() == 1 && files.get(0).answers() == null) {
      for (Part other : List.of(Part.VALIDATION, Part.TEST)) {
        NumpyFiles.find(files.get(0).examples(), other, false)
            .ifPresent(pair -> parts.add(new Located(other, pair)));
      }
    }
    return parts;
  }

  private ArrayForm form(RawFile file) {
    try (NumpyArray array = new NumpyArray(file)) {
      return ArrayForm.of(array, layout);
    }
  }

  private void read(NumpyFiles.Pair arrays, ArrayForm form, Intake intake, BadExamples bad) {
    try (NumpyArray examples = new NumpyArray(arrays.examples());
        NumpyArray answers = new NumpyArray(arrays.answers())) {
      check(arrays, examples, answers, form);
      for (int i = 0; i < examples.shape().get(0); i++) {
        long answerAt = answers.position();
        double answer = answers.values()[0];
        long exampleAt = examples.position();
        byte @Nullable [] record = form.read(examples);
        if (record == null) {
          bad.found(
              examples.fault(
                  exampleAt,
                  "example %,d holds a value that is no finite number".formatted(i),
                  "replace it, or write skip_bad: true"));
        } else if (isRegression && Float.isFinite((float) answer)) {
          intake.add(record, (float) answer);
        } else if (!isRegression && isLabel(answer)) {
          intake.add(record, (int) answer);
        } else {
          bad.found(
              answers.fault(
                  answerAt,
                  "example %,d has the %s %s"
                      .formatted(i, isRegression ? "target" : "label", answer),
                  "correct it, or write skip_bad: true"));
        }
      }
      examples.end();
      answers.end();
    }
  }

  private boolean isLabel(double answer) {
    int most = classNames.isEmpty() ? MOST_CLASSES : classNames.size();
    return answer == Math.rint(answer) && answer >= 0 && answer < most;
  }

  private static void check(
      NumpyFiles.Pair arrays, NumpyArray examples, NumpyArray answers, ArrayForm form) {
    form.require(examples);
    long each = answers.shape().stream().skip(1).mapToLong(extent -> extent).sum();
    if (each > 1 || answers.shape().size() > 2) {
      throw answers.fault(
          10,
          "the shape is " + answers.shape() + ", but an example has one label",
          "save class numbers, not one-hot vectors");
    }
    if (!answers.shape().get(0).equals(examples.shape().get(0))) {
      throw answers.fault(
          10,
          "there are %,d of them, but %,d examples in %s"
              .formatted(answers.shape().get(0), examples.shape().get(0), arrays.examples().name()),
          "name arrays that belong together");
    }
  }

  private List<String> classes(Intake intake) {
    if (!classNames.isEmpty()) {
      return classNames;
    }
    int last = IntStream.range(0, intake.count()).map(intake::label).max().orElse(0);
    if (last == 0) {
      throw new DataException(
          "every label of " + name + " is 0, so there is nothing to tell apart",
          "give labels of at least two classes, or write task: regression");
    }
    return IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
  }
}
