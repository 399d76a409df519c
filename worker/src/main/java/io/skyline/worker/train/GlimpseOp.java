package io.skyline.worker.train;

import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A window of each example's map at a position of its own. All its numbers lie equally far between
 * their neighbours, so that one set of four weights an example does.
 */
final class GlimpseOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor map;
  private final Tensor position;
  private final Tensor output;
  private final Along down;
  private final Along right;

  GlimpseOp(Graph graph, Node node, Tensor map, Tensor position) {
    this.graph = graph;
    this.node = node;
    this.map = map;
    this.position = position;
    Shape window = graph.architecture().shape(node.name());
    output = graph.tensor(window, Tensor.Layout.PLAIN, map.needsGradient || position.needsGradient);
    right = new Along(map.shape.width(), window.width());
    down = new Along(map.shape.height(), window.height());
    FloatPointer positions = OneDnn.floats(position.value);
    FloatPointer maps = OneDnn.floats(map.value);
    FloatPointer windows = OneDnn.floats(output.value);
    float[] from = new float[Math.toIntExact(map.shape.elements())];
    float[] to = new float[Math.toIntExact(window.elements())];
    graph
        .forwardProgram()
        .add(
            node.name(),
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                place(positions, example);
                maps.position((long) example * from.length).get(from, 0, from.length);
                look(from, to);
                windows.position((long) example * to.length).put(to, 0, to.length);
              }
            });
  }

  /** Where the window lies along one axis. */
  private static final class Along {
    private final int extent;
    private final int window;
    private final int room;

    /** The first row or column of the window's. */
    private int first;

    /** How many to the second of two neighbours, 0 where there is no room for a second one. */
    private int step;

    /** The second's weight; the first has the rest of 1. */
    private float share;

    /** By how much the window moves as the position does. */
    private float slope;

    Along(int extent, int window) {
      this.extent = extent;
      this.window = window;
      this.room = extent - window;
      this.step = Math.min(room, 1);
    }

    void place(float position) {
      float offset = Math.min(Math.max(position, 0f), 1f) * room;
      first = Math.min((int) offset, Math.max(room - 1, 0));
      share = offset - first;
      slope = position >= 0 && position <= 1 ? room : 0;
    }
  }

  private void place(FloatPointer positions, int example) {
    right.place(positions.get(2L * example));
    down.place(positions.get(2L * example + 1));
  }

  /** The number of the map's that row 0 of a row of the window begins with. */
  private int start(int channel, int row) {
    return (channel * down.extent + down.first + row) * right.extent + right.first;
  }

  private void look(float[] from, float[] to) {
    float below = down.share;
    float beside = right.share;
    int next = right.step;
    int under = down.step * right.extent;
    int out = 0;
    for (int channel = 0; channel < map.shape.channels(); channel++) {
      for (int row = 0; row < down.window; row++) {
        int at = start(channel, row);
        for (int column = 0; column < right.window; column++, at++) {
          float upper = from[at] + beside * (from[at + next] - from[at]);
          float lower = from[at + under] + beside * (from[at + under + next] - from[at + under]);
          to[out++] = upper + below * (lower - upper);
        }
      }
    }
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    FloatPointer gradients = OneDnn.floats(output.gradient().as(output.format));
    if (position.needsGradient) {
      planPositionGradient(gradients);
    }
    if (map.needsGradient) {
      planMapGradient(gradients);
    }
    output.gradient().release();
  }

  private void planPositionGradient(FloatPointer gradients) {
    Buffers.Buffer into = Gradients.fresh(graph, position);
    FloatPointer found = OneDnn.floats(into.as(position.format));
    FloatPointer positions = OneDnn.floats(position.value);
    FloatPointer maps = OneDnn.floats(map.value);
    float[] from = new float[Math.toIntExact(map.shape.elements())];
    float[] gradient = new float[Math.toIntExact(output.shape.elements())];
    float[] both = new float[2];
    graph
        .backwardProgram()
        .add(
            node.name() + " position gradient",
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                place(positions, example);
                maps.position((long) example * from.length).get(from, 0, from.length);
                gradients
                    .position((long) example * gradient.length)
                    .get(gradient, 0, gradient.length);
                slopes(from, gradient, both);
                found.position(2L * example).put(both, 0, 2);
              }
            });
    Gradients.contribute(graph, position, into);
  }

  /** What moving the window to the right and down changes. */
  private void slopes(float[] from, float[] gradient, float[] both) {
    float below = down.share;
    float beside = right.share;
    int next = right.step;
    int under = down.step * right.extent;
    double toTheRight = 0;
    double downwards = 0;
    int out = 0;
    for (int channel = 0; channel < map.shape.channels(); channel++) {
      for (int row = 0; row < down.window; row++) {
        int at = start(channel, row);
        float rightInRow = 0;
        float downInRow = 0;
        for (int column = 0; column < right.window; column++, at++) {
          float upper = from[at + next] - from[at];
          float lower = from[at + under + next] - from[at + under];
          float left = from[at + under] - from[at];
          rightInRow += gradient[out] * (upper + below * (lower - upper));
          downInRow += gradient[out] * (left + beside * (lower - upper));
          out++;
        }
        toTheRight += rightInRow;
        downwards += downInRow;
      }
    }
    both[0] = (float) (toTheRight * right.slope);
    both[1] = (float) (downwards * down.slope);
  }

  private void planMapGradient(FloatPointer gradients) {
    Buffers.Buffer into = Gradients.fresh(graph, map);
    FloatPointer found = OneDnn.floats(into.as(map.format));
    FloatPointer positions = OneDnn.floats(position.value);
    float[] gradient = new float[Math.toIntExact(output.shape.elements())];
    float[] back = new float[Math.toIntExact(map.shape.elements())];
    graph
        .backwardProgram()
        .add(
            node.name() + " map gradient",
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                place(positions, example);
                gradients
                    .position((long) example * gradient.length)
                    .get(gradient, 0, gradient.length);
                spread(gradient, back);
                found.position((long) example * back.length).put(back, 0, back.length);
              }
            });
    Gradients.contribute(graph, map, into);
  }

  /** Gives every number of the map the window's that it had a part in. */
  private void spread(float[] gradient, float[] back) {
    Arrays.fill(back, 0f);
    float below = down.share;
    float beside = right.share;
    int next = right.step;
    int under = down.step * right.extent;
    int out = 0;
    for (int channel = 0; channel < map.shape.channels(); channel++) {
      for (int row = 0; row < down.window; row++) {
        int at = start(channel, row);
        for (int column = 0; column < right.window; column++, at++) {
          float lower = below * gradient[out];
          float upper = gradient[out++] - lower;
          back[at] += upper - beside * upper;
          back[at + next] += beside * upper;
          back[at + under] += lower - beside * lower;
          back[at + under + next] += beside * lower;
        }
      }
    }
  }
}
