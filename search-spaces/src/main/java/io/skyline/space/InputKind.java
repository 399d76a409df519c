package io.skyline.space;

import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the networks of a space look at, which decides the windows of all their layers. */
public enum InputKind {
  /** Images, under square windows of up to 7x7. */
  IMAGE(Window.Form.SQUARE, 7, 2),
  /** Signals, channels x 1 x length, under windows of one row: up to 1x31. */
  SIGNAL(Window.Form.ROW, 31, 8);

  private final Window.Form windows;
  private final int largestKernel;
  private final int longestStep;

  InputKind(Window.Form windows, int largestKernel, int longestStep) {
    this.windows = windows;
    this.largestKernel = largestKernel;
    this.longestStep = longestStep;
  }

  /** Reads the key {@code input} of a space. */
  static InputKind read(Fields space) {
    List<String> words = Arrays.stream(values()).map(InputKind::word).toList();
    return values()[words.indexOf(space.word("input", IMAGE.word(), words))];
  }

  /** The word in YAML. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The odd extents that a kernel can have. */
  List<String> kernels() {
    return IntStream.rangeClosed(1, largestKernel)
        .filter(extent -> extent % 2 == 1)
        .mapToObj(Integer::toString)
        .toList();
  }

  /** The largest stride of a stem. */
  int longestStep() {
    return longestStep;
  }

  /** Why such a space does not suit inputs of a shape; empty if it does. */
  public Optional<String> refusal(Shape input) {
    boolean signal = input.height() == 1 && input.width() > 1;
    return switch (this) {
      case IMAGE ->
          signal || input.isFlat()
              ? Optional.of("its windows are square, but the data are " + what(input))
              : Optional.empty();
      case SIGNAL ->
          signal
              ? Optional.empty()
              : Optional.of("its windows are one row high, but the data are " + what(input));
    };
  }

  private static String what(Shape input) {
    String rows = input.height() == 1 ? "signals" : "images";
    return (input.isFlat() ? "tables" : rows) + " of " + input;
  }

  /**
   * An empty network.
   *
   * @throws InvalidArchitectureException if it does not suit inputs of this shape
   */
  Draft draft(Shape input) {
    refusal(input)
        .ifPresent(
            reason -> {
              throw new InvalidArchitectureException(reason);
            });
    return new Draft(input, windows);
  }
}
