package io.skyline.coordinator.results;

import java.util.List;

/**
 * A picture as marks in pixels, the origin at the top left; drawn by {@link Svg} and {@link Png}.
 *
 * @param marks later ones cover earlier ones
 */
record Drawing(int width, int height, List<Mark> marks) {
  Drawing {
    marks = List.copyOf(marks);
  }

  /** Something to draw. */
  sealed interface Mark permits Line, Dot, Text {}

  /** A line through points, {@code {x0, y0, x1, y1, ...}}. */
  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  record Line(double[] points, Ink ink, double thickness) implements Mark {}

  /**
   * A filled circle.
   *
   * @param note shown when pointed at; may be empty
   */
  record Dot(double x, double y, double radius, Ink ink, String note) implements Mark {}

  /**
   * A line of text, its base line at y.
   *
   * @param turned by a quarter, to read from below
   */
  record Text(double x, double y, String text, Anchor anchor, int size, boolean turned)
      implements Mark {}

  /** Which end of a text stands at its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** The few colours, distinct to colour-blind eyes too (Okabe and Ito 2008). */
  enum Ink {
    AXIS(0x444444),
    GRID(0xe4e4e4),
    TRIAL(0xb0b0b0),
    MEMBER(0xd55e00),
    CURVE(0x0072b2);

    private final int rgb;

    Ink(int rgb) {
      this.rgb = rgb;
    }

    int rgb() {
      return rgb;
    }
  }

  /** This drawing and another one to its right. */
  Drawing beside(Drawing right) {
    List<Mark> all = new java.util.ArrayList<>(marks);
    right.marks.forEach(mark -> all.add(moved(mark, width)));
    return new Drawing(width + right.width, Math.max(height, right.height), all);
  }

  private static Mark moved(Mark mark, double dx) {
    if (mark instanceof Line line) {
      double[] points = line.points().clone();
      for (int i = 0; i < points.length; i += 2) {
        points[i] += dx;
      }
      return new Line(points, line.ink(), line.thickness());
    } else if (mark instanceof Dot dot) {
      return new Dot(dot.x() + dx, dot.y(), dot.radius(), dot.ink(), dot.note());
    }
    Text text = (Text) mark;
    return new Text(
        text.x() + dx, text.y(), text.text(), text.anchor(), text.size(), text.turned());
  }
}
