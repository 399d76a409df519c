package io.skyline.worker.train;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A dilated convolution as one without gaps in its kernel, for which oneDNN has compiled code:
 * outputs whose windows read the same rows and columns modulo the dilation are an image of their
 * own, a phase, and all phases of a batch are convolved as a larger batch of smaller images.
 */
final class Phases {
  private final Shape input;
  private final Shape output;
  private final boolean dilated;
  private final Axis rows;
  private final Axis columns;
  private final Convolution convolution;
  private final Shape phaseInput;
  private final Shape phaseOutput;

  /** The phases along the height or the width of an image. */
  private record Axis(Window window, int input, int output) {
    private int shared() {
      return BigInteger.valueOf(window.stride())
          .gcd(BigInteger.valueOf(window.dilation()))
          .intValueExact();
    }

    /** Between two outputs of a phase. */
    int step() {
      return window.dilation() / shared();
    }

    int count() {
      return Math.min(step(), output);
    }

    /** Whether every phase begins with as many zeros, so that the convolution can pad. */
    boolean alike() {
      return window.padding() % window.dilation() == 0
          && (count() - 1) * window.stride() < window.dilation();
    }

    /** Extent of the input of a phase, whose convolution has this window. */
    int phaseInput(Window without, boolean pads) {
      return pads
          ? parts(input, window.dilation())
          : (phaseOutput() - 1) * without.stride() + without.kernel();
    }

    int phaseOutput() {
      return parts(output, step());
    }

    /** The place in the input that a phase holds at some place. */
    int read(int phase, int place, Window without) {
      return phase * window.stride()
          - window.padding()
          + window.dilation() * (place + without.padding());
    }

    private static int parts(int extent, int length) {
      return (extent + length - 1) / length;
    }
  }

  /**
   * @param dilated with any dilation; without gaps there is one phase, the image
   */
  Phases(Convolution dilated, Shape input, Shape output) {
    this.input = input;
    this.output = output;
    this.dilated = dilated.dilation() > 1;
    rows = new Axis(dilated.rows(), input.height(), output.height());
    columns = new Axis(dilated.columns(), input.width(), output.width());
    // else the copy brings the zeros
    boolean pads = rows.alike() && columns.alike();
    convolution =
        new Convolution(
            dilated.outputs(),
            dilated.kernel(),
            dilated.stride() / Math.max(rows.shared(), columns.shared()),
            pads ? dilated.padding() / dilated.dilation() : 0,
            1,
            dilated.groups(),
            dilated.bias(),
            dilated.form());
    phaseOutput = new Shape(output.channels(), rows.phaseOutput(), columns.phaseOutput());
    phaseInput =
        new Shape(
            input.channels(),
            rows.phaseInput(convolution.rows(), pads),
            columns.phaseInput(convolution.columns(), pads));
  }

  /** Images for each example. */
  int count() {
    return rows.count() * columns.count();
  }

  /** Whether the convolution can read and write the images as they are. */
  boolean areTheImage() {
    return !dilated;
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
      int row = rows.read(phase / columns.count(), place / phaseInput.width(), convolution.rows());
      int column =
          columns.read(phase % columns.count(), place % phaseInput.width(), convolution.columns());
      positions[i] = position(row, column, input);
    }
    return positions;
  }

  /** For each position of each phase of an output its position there, or -1 beyond the end. */
  int[] outputPositions() {
    int[] positions = new int[count() * phaseOutput.height() * phaseOutput.width()];
    for (int i = 0; i < positions.length; i++) {
      int place = i % (phaseOutput.height() * phaseOutput.width());
      int phase = i / (phaseOutput.height() * phaseOutput.width());
      int row = phase / columns.count() + place / phaseOutput.width() * rows.step();
      int column = phase % columns.count() + place % phaseOutput.width() * columns.step();
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
