package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;

/** What the first step of a training with seed 0 drops, place by place in the engine's layout. */
final class DroppedReference {
  private DroppedReference() {}

  static double[] apply(Architecture architecture, Node node, double[] x, int batch) {
    double[] y = new double[x.length];
    Shape shape = architecture.shape(node.name());
    int layer = architecture.nodes().indexOf(node);
    boolean whole = node.layer() instanceof DropPath;
    double rate =
        node.layer() instanceof Dropout dropout ? dropout.rate() : ((DropPath) node.layer()).rate();
    Noise noise = new Noise(0, layer, rate);
    int base = noise.base(0);
    int each = x.length / batch;
    for (int i = 0; i < y.length; i++) {
      int place = whole ? i / each : place(shape, i / each, i % each);
      y[i] = rate > 0 && noise.drops(base, place) ? 0 : x[i] / (1 - rate);
    }
    return y;
  }

  /** Dense layers give plain rows; everything else here comes in blocks of channels. */
  private static int place(Shape shape, int example, int index) {
    if (shape.isFlat()) {
      return example * shape.channels() + index;
    }
    int plane = shape.height() * shape.width();
    int channel = index / plane;
    int blocks = (shape.channels() + OneDnn.BLOCK - 1) / OneDnn.BLOCK;
    int block = example * blocks + channel / OneDnn.BLOCK;
    return (block * plane + index % plane) * OneDnn.BLOCK + channel % OneDnn.BLOCK;
  }
}
