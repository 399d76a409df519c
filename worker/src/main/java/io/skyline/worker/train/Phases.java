package io.skyline.worker.train;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Shape;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A dilated convolution as one without gaps in its kernel, for which oneDNN has compiled code:
 * outputs whose windows read the same rows and columns modulo the dilation are an image of their
 * own, a phase, and all phases of a batch are convolved as a larger batch of smaller images.
 */
final class Phases {
  private final Convolution dilated;
  private final Shape input;
  private final Shape output;
  private final int step;
  private final int rows;
  private final int columns;
  private final Convolution convolution;
  private final Shape phaseInput;
  private final Shape phaseOutput;

  /**
   * @param dilated with any dilation; without gaps there is one phase, the image
   */
  Phases(Convolution dilated, Shape input, Shape output) {
    this.dilated = dilated;
    this.input = input;
    this.output = output;
    int shared =
        BigInteger.valueOf(dilated.stride())
            .gcd(BigInteger.valueOf(dilated.dilation()))
            .intValueExact();
    step = dilated.dilation() / shared;
    rows = Math.min(step, output.height());
    columns = Math.min(step, output.width());
    // where every phase begins with as many zeros, the convolution pads; else the copy brings them
    boolean alike =
        dilated.padding() % dilated.dilation() == 0
            && (Math.max(rows, columns) - 1) * dilated.stride() < dilated.dilation();
    convolution =
        new Convolution(
            dilated.outputs(),
            dilated.kernel(),
            dilated.stride() / shared,
            alike ? dilated.padding() / dilated.dilation() : 0,
            dilated.groups(),
            dilated.bias());
    phaseOutput =
        new Shape(output.channels(), parts(output.height(), step), parts(output.width(), step));
    phaseInput =
        alike
            ? new Shape(
                input.channels(),
                parts(input.height(), dilated.dilation()),
                parts(input.width(), dilated.dilation()))
            : new Shape(input.channels(), read(phaseOutput.height()), read(phaseOutput.width()));
  }

  private static int parts(int extent, int length) {
    return (extent + length - 1) / length;
  }

  private int read(int outputs) {
    return (outputs - 1) * convolution.stride() + convolution.kernel();
  }

  /** Images for each example. */
  int count() {
    return rows * columns;
  }

  /** Whether the convolution can read and write the images as they are. */
  boolean areTheImage() {
    return dilated.dilation() == 1;
  }

  /** The convolution of each phase. */
  Convolution convolution() {
    return convolution;
  }

  /** One phase of the input. */
  Shape input() {
    return phaseInput;
  }

  /** One phase of the output. */
  Shape output() {
    return phaseOutput;
  }

  /** For each position of each phase of an input its position there, or -1 for a zero. */
  int[] inputPositions() {
    int[] positions = new int[count() * phaseInput.height() * phaseInput.width()];
    for (int i = 0; i < positions.length; i++) {
      int place = i % (phaseInput.height() * phaseInput.width());
      int phase = i / (phaseInput.height() * phaseInput.width());
      int row = read(phase / columns, place / phaseInput.width());
      int column = read(phase % columns, place % phaseInput.width());
      positions[i] = position(row, column, input);
    }
    return positions;
  }

  /** The row or column of the input that a phase holds at some place. */
  private int read(int phase, int place) {
    return phase * dilated.stride()
        - dilated.padding()
        + dilated.dilation() * (place + convolution.padding());
  }

  /** For each position of each phase of an output its position there, or -1 beyond the end. */
  int[] outputPositions() {
    int[] positions = new int[count() * phaseOutput.height() * phaseOutput.width()];
    for (int i = 0; i < positions.length; i++) {
      int place = i % (phaseOutput.height() * phaseOutput.width());
      int phase = i / (phaseOutput.height() * phaseOutput.width());
      int row = phase / columns + place / phaseOutput.width() * step;
      int column = phase % columns + place % phaseOutput.width() * step;
      positions[i] = position(row, column, output);
    }
    return positions;
  }

  private static int position(int row, int column, Shape shape) {
    boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    return inside ? row * shape.width() + column : -1;
  }

  /** The way back: for each position of an image where it stands in the phases, or -1. */
  static int[] inverse(int[] positions, Shape image) {
    int[] inverse = new int[image.height() * image.width()];
    Arrays.fill(inverse, -1);
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] >= 0) {
        inverse[positions[i]] = i;
      }
    }
    return inverse;
  }
}
