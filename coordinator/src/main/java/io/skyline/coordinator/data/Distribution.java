package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Mean and standard deviation of each channel over all examples and places, in raw units. Of bytes
 * they come from integer sums, so are exact. The deviation of a constant channel is 1, because
 * networks divide by it.
 */
record Distribution(List<Float> mean, List<Float> deviation) {
  static Distribution of(SplitExamples examples) {
    return examples.areFloats() ? ofFloats(examples) : ofBytes(examples);
  }

  private static Distribution ofBytes(SplitExamples images) {
    Shape shape = images.shape();
    int plane = shape.height() * shape.width();
    long[] sum = new long[shape.channels()];
    long[] squares = new long[shape.channels()];
    byte[] image = new byte[images.recordBytes()];
    for (int example = 0; example < images.count(); example++) {
      images.read(example, image);
      for (int i = 0; i < image.length; i++) {
        int pixel = image[i] & 0xff;
        sum[i / plane] += pixel;
        squares[i / plane] += (long) pixel * pixel;
      }
    }
    double count = (double) images.count() * plane;
    double[] mean = new double[sum.length];
    double[] variance = new double[sum.length];
    for (int c = 0; c < sum.length; c++) {
      mean[c] = sum[c] / count;
      variance[c] = squares[c] / count - mean[c] * mean[c];
    }
    return of(mean, variance);
  }

  /** In two passes: with one, features far from zero would lose their deviation to rounding. */
  private static Distribution ofFloats(SplitExamples examples) {
    Shape shape = examples.shape();
    int plane = shape.height() * shape.width();
    double count = (double) examples.count() * plane;
    double[] mean = new double[shape.channels()];
    double[] variance = new double[shape.channels()];
    byte[] record = new byte[examples.recordBytes()];
    ByteBuffer values = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    for (int example = 0; example < examples.count(); example++) {
      examples.read(example, record);
      for (int i = 0; i < shape.elements(); i++) {
        mean[i / plane] += values.getFloat(i * Float.BYTES) / count;
      }
    }
    for (int example = 0; example < examples.count(); example++) {
      examples.read(example, record);
      for (int i = 0; i < shape.elements(); i++) {
        double distance = values.getFloat(i * Float.BYTES) - mean[i / plane];
        variance[i / plane] += distance * distance / count;
      }
    }
    return of(mean, variance);
  }

  /** The distribution of the numbers to predict. */
  static Distribution ofTargets(SplitExamples examples) {
    int count = examples.count();
    double mean = average(count, examples::target);
    double variance = average(count, i -> Math.pow(examples.target(i) - mean, 2));
    return of(new double[] {mean}, new double[] {variance});
  }

  private static double average(int count, IntToDoubleFunction values) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values.applyAsDouble(i);
    }
    return sum / count;
  }

  private static Distribution of(double[] mean, double[] variance) {
    List<Float> means = new ArrayList<>();
    List<Float> deviations = new ArrayList<>();
    for (int c = 0; c < mean.length; c++) {
      float deviation = (float) Math.sqrt(variance[c]);
      // a deviation below what floats tell apart at that mean is rounding, not spread
      boolean constant = !(deviation > Math.abs(mean[c]) * 1e-7);
      means.add((float) mean[c]);
      deviations.add(constant ? 1f : deviation);
    }
    return new Distribution(means, deviations);
  }
}
