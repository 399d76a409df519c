package io.skyline.space;

/** Which numbers a setting may take. */
record Range(double least, double most, int multipleOf) {
  static Range of(double least, double most) {
    return new Range(least, most, 0);
  }

  static Range whole(int least, int most) {
    return new Range(least, most, 1);
  }

  static Range eights(int least, int most) {
    return new Range(least, most, 8);
  }
}
