package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import java.util.List;

/** Writes what finds a place, and what looks there. */
record GlimpseOperators(GraphBuilder graph) {
  /**
   * @param shape of the map of scores
   * @param scores N x (H * W)
   */
  String softArgmax(SoftArgmax layer, Shape shape, String scores, String out) {
    int width = shape.width();
    float[] places = new float[2 * shape.height() * width];
    for (int i = 0; i < places.length; i += 2) {
      places[i] = (float) layer.place(i / 2 % width, width);
      places[i + 1] = (float) layer.place(i / 2 / width, shape.height());
    }
    String weights = graph.node("Softmax", List.of(scores), out + ".weights", attribute("axis", 1));
    String constant = graph.floats(out + ".places", places, places.length / 2, 2);
    return graph.node("Gemm", List.of(weights, constant), out);
  }

  /**
   * A GridSample, whose grid is made of the position: of a column's place in the map and of a
   * row's, each from -1 at the first to 1 at the last one ({@code align_corners}).
   *
   * @param map N x C x H x W
   * @param position N x 2
   */
  String glimpse(Glimpse glimpse, Shape shape, String map, String position, String out) {
    String least = graph.floats(out + ".least", new float[] {0f});
    String most = graph.floats(out + ".most", new float[] {1f});
    graph.node("Clip", List.of(position, least, most), out + ".inside");
    graph.node(
        "Reshape",
        List.of(out + ".inside", graph.longs(out + ".shape", 0, 1, 1, 2)),
        out + ".position");
    float[] room = {
      2 * step(shape.width()) * (shape.width() - glimpse.width()),
      2 * step(shape.height()) * (shape.height() - glimpse.height())
    };
    graph.node(
        "Mul",
        List.of(out + ".position", graph.floats(out + ".room", room, 1, 1, 1, 2)),
        out + ".offset");
    int width = glimpse.width();
    String columns = graph.floats(out + ".columns", grid(shape.width(), width, 0), 1, 1, width, 2);
    graph.node("Add", List.of(out + ".offset", columns), out + ".row");
    int height = glimpse.height();
    String rows = graph.floats(out + ".rows", grid(shape.height(), height, 1), 1, height, 1, 2);
    graph.node("Add", List.of(out + ".row", rows), out + ".grid");
    return graph.node(
        "GridSample",
        List.of(map, out + ".grid"),
        out,
        attribute("align_corners", 1),
        attribute("mode", "bilinear"),
        attribute("padding_mode", "border"));
  }

  /** From one row or column to the next, of -1 to 1. */
  private static float step(int extent) {
    return extent == 1 ? 0 : 1f / (extent - 1);
  }

  /** The window's rows or columns while it lies at the first, in one of two coordinates. */
  private static float[] grid(int extent, int window, int coordinate) {
    float[] grid = new float[2 * window];
    for (int i = 0; i < window; i++) {
      grid[2 * i + coordinate] = extent == 1 ? 0 : 2f * i / (extent - 1) - 1;
    }
    return grid;
  }
}
