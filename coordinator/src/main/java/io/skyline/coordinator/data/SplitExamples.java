package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;

/** The examples of one split, of which each can be read any number of times. */
public interface SplitExamples {
  /** The shape of one example. */
  Shape shape();

  /** Whether values are little-endian float32; else they are unsigned bytes. */
  boolean areFloats();

  /** How many there are. */
  int count();

  /** The class of an example; 0 where a number is to be predicted. */
  int label(int example);

  /** The number to predict for an example; 0 where classes are to be told apart. */
  float target(int example);

  /** Copies an example's values, channel by channel, row by row. */
  void read(int example, byte[] into);

  /** Bytes of one example. */
  default int recordBytes() {
    return Math.toIntExact(Math.multiplyExact(shape().elements(), areFloats() ? Float.BYTES : 1));
  }
}
