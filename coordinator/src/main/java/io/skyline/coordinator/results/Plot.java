package io.skyline.coordinator.results;

import io.skyline.coordinator.results.Drawing.Anchor;
import io.skyline.coordinator.results.Drawing.Dot;
import io.skyline.coordinator.results.Drawing.Ink;
import io.skyline.coordinator.results.Drawing.Line;
import io.skyline.coordinator.results.Drawing.Mark;
import io.skyline.coordinator.results.Drawing.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** A frame with two axes on which values are drawn. */
final class Plot {
  static final int WIDTH = 480;
  static final int HEIGHT = 340;
  private static final int LEFT = 78;
  private static final int RIGHT = 30;
  private static final int TOP = 16;
  private static final int BOTTOM = 52;
  private static final int TICK_SIZE = 12;
  private static final int TITLE_SIZE = 13;
  private static final int LEAST_GAP = 56;

  private final Axis across;
  private final Axis up;
  private final List<Mark> marks = new ArrayList<>();

  /** The texts are for axis titles and ticks. */
  Plot(
      Axis across,
      String acrossTitle,
      DoubleFunction<String> acrossTick,
      Axis up,
      String upTitle,
      DoubleFunction<String> upTick) {
    this.across = across;
    this.up = up;
    double lastTick = Double.NEGATIVE_INFINITY;
    for (double tick : across.ticks()) {
      double x = x(tick);
      line(Ink.GRID, 1, x, TOP, x, HEIGHT - BOTTOM);
      if (x - lastTick >= LEAST_GAP) {
        text(x, HEIGHT - BOTTOM + 18, acrossTick.apply(tick), Anchor.MIDDLE, TICK_SIZE);
        lastTick = x;
      }
    }
    for (double tick : up.ticks()) {
      double y = y(tick);
      line(Ink.GRID, 1, LEFT, y, WIDTH - RIGHT, y);
      text(LEFT - 6, y + 4, upTick.apply(tick), Anchor.END, TICK_SIZE);
    }
    line(Ink.AXIS, 1, LEFT, TOP, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    double middle = (LEFT + WIDTH - RIGHT) / 2.0;
    text(middle, HEIGHT - 12, acrossTitle, Anchor.MIDDLE, TITLE_SIZE);
    marks.add(
        new Text(16, (TOP + HEIGHT - BOTTOM) / 2.0, upTitle, Anchor.MIDDLE, TITLE_SIZE, true));
  }

  /** A point with a note for whoever points at it. */
  void dot(double across, double up, double radius, Ink ink, String note) {
    marks.add(new Dot(x(across), y(up), radius, ink, note));
  }

  /** A line through values, {@code {x0, y0, x1, y1, ...}}. */
  void curve(double[] values, Ink ink) {
    double[] points = new double[values.length];
    for (int i = 0; i < values.length; i += 2) {
      points[i] = x(values[i]);
      points[i + 1] = y(values[i + 1]);
    }
    marks.add(new Line(points, ink, 2));
  }

  Drawing drawing() {
    return new Drawing(WIDTH, HEIGHT, marks);
  }

  private void line(Ink ink, double thickness, double... points) {
    marks.add(new Line(points, ink, thickness));
  }

  private void text(double x, double y, String text, Anchor anchor, int size) {
    marks.add(new Text(x, y, text, anchor, size, false));
  }

  private double x(double value) {
    return LEFT + across.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - up.share(value) * (HEIGHT - TOP - BOTTOM);
  }
}
