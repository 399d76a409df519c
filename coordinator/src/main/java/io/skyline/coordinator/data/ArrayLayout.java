package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The order of the axes of one example in an array. */
public enum ArrayLayout {
  /** Height, width, channels: as image libraries have them. */
  HWC,
  /** Channels, height, width: as networks take them. */
  CHW,
  /** Height, width: one channel. */
  HW,
  /** Channels, length: signals. */
  CL,
  /** Length, channels: signals. */
  LC,
  /** Length: a signal of one channel. */
  L,
  /** Features: a row of a table. */
  F;

  /** The word in configs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The layout that extents suggest; empty if they leave it open. */
  static Optional<ArrayLayout> guess(List<Integer> extents) {
    return switch (extents.size()) {
      case 1 -> Optional.of(F);
      case 2 -> Optional.of(HW);
      case 3 -> {
        boolean first = isColour(extents.get(0));
        boolean last = isColour(extents.get(2));
        yield first == last ? Optional.empty() : Optional.of(first ? CHW : HWC);
      }
      default -> Optional.empty();
    };
  }

  private static boolean isColour(int channels) {
    return channels == 1 || channels == 3 || channels == 4;
  }

  /** Whether examples of so many axes can have it. */
  boolean fits(List<Integer> extents) {
    return name().length() == extents.size();
  }

  Shape shape(List<Integer> extents) {
    return switch (this) {
      case HWC -> new Shape(extents.get(2), extents.get(0), extents.get(1));
      case CHW -> new Shape(extents.get(0), extents.get(1), extents.get(2));
      case HW -> new Shape(1, extents.get(0), extents.get(1));
      case CL -> new Shape(extents.get(0), 1, extents.get(1));
      case LC -> new Shape(extents.get(1), 1, extents.get(0));
      case L -> new Shape(1, 1, extents.get(0));
      case F -> Shape.flat(extents.get(0));
    };
  }

  /** Where in an array's example the value at {@code index} of the network's order stands. */
  int source(int index, Shape shape) {
    if (this != HWC && this != LC) {
      return index;
    }
    int plane = shape.height() * shape.width();
    return index % plane * shape.channels() + index / plane;
  }
}
