package io.skyline.worker.train;

import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling.Kind;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** Mean or maximum over all channels at each position; of equal maxima one takes the gradient. */
final class ChannelPoolingOp implements Op {
  private static final int BLOCK = OneDnn.BLOCK;

  private final Graph graph;
  private final Node node;
  private final Kind kind;
  private final Tensor input;
  private final Tensor output;
  private final int plane;
  private final int blocks;
  private final int lastUsed;
  private final float[] values;
  private final float[] lanes;
  private final float[] map;

  ChannelPoolingOp(Graph graph, Node node, Kind kind, Tensor input) {
    this.graph = graph;
    this.node = node;
    this.kind = kind;
    this.input = input;
    output =
        graph.tensor(
            graph.architecture().shape(node.name()), Tensor.Layout.PLAIN, input.needsGradient);
    map = new float[Math.toIntExact(output.shape.elements())];
    plane = map.length * BLOCK;
    blocks = ChannelCopy.blocks(input, BLOCK);
    lastUsed = input.shape.channels() - (blocks - 1) * BLOCK;
    values = new float[plane];
    lanes = new float[plane];
    FloatPointer from = OneDnn.floats(input.value);
    FloatPointer to = OneDnn.floats(output.value);
    graph
        .forwardProgram()
        .add(
            node.name(),
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                reduceBlocks(from, example);
                if (kind == Kind.MAX) {
                  Lanes.largest(lanes, map);
                } else {
                  Lanes.sum(lanes, map, 1f / input.shape.channels());
                }
                to.position((long) example * map.length).put(map, 0, map.length);
              }
            });
  }

  /** Sum or maximum over the blocks of one example, lane by lane. */
  private void reduceBlocks(FloatPointer from, int example) {
    Arrays.fill(lanes, kind == Kind.MAX ? Float.NEGATIVE_INFINITY : 0f);
    for (int block = 0; block < blocks; block++) {
      from.position(at(example, block)).get(values, 0, plane);
      if (kind == Kind.AVERAGE) {
        Lanes.add(lanes, values);
      } else {
        if (block == blocks - 1 && lastUsed < BLOCK) {
          hidePadding();
        }
        Lanes.maximize(lanes, values);
      }
    }
  }

  private void hidePadding() {
    for (int pixel = 0; pixel < plane; pixel += BLOCK) {
      Arrays.fill(values, pixel + lastUsed, pixel + BLOCK, Float.NEGATIVE_INFINITY);
    }
  }

  private long at(int example, int block) {
    return ((long) example * blocks + block) * plane;
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!input.needsGradient) {
      return;
    }
    Buffers.Buffer into = Gradients.fresh(graph, input);
    FloatPointer from = OneDnn.floats(output.gradient().as(output.format));
    Runnable step =
        kind == Kind.AVERAGE
            ? meanGradient(from, OneDnn.floats(into.as(input.format)))
            : maximumGradient(from, new IntPointer(into.as(input.format).get_data_handle()));
    graph.backwardProgram().add(node.name() + " gradient", step);
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }

  private Runnable meanGradient(FloatPointer from, FloatPointer to) {
    return () -> {
      for (int example = 0; example < graph.batch(); example++) {
        from.position((long) example * map.length).get(map, 0, map.length);
        for (int i = 0; i < map.length; i++) {
          map[i] /= input.shape.channels();
        }
        Lanes.spread(map, lanes, BLOCK);
        for (int block = 0; block < blocks; block++) {
          if (block == blocks - 1 && lastUsed < BLOCK) {
            Lanes.spread(map, lanes, lastUsed);
          }
          to.position(at(example, block)).put(lanes, 0, plane);
        }
      }
    };
  }

  /** Compares and masks numbers as bits, as {@link MaxPoolGradient} does. */
  private Runnable maximumGradient(FloatPointer from, IntPointer to) {
    FloatPointer inputs = OneDnn.floats(input.value);
    IntPointer inputBits = new IntPointer(input.value.get_data_handle());
    FloatPointer maxima = OneDnn.floats(output.value);
    float[] largest = new float[map.length];
    int[] laneMaxima = new int[plane];
    int[] left = new int[plane];
    int[] bits = new int[plane];
    return () -> {
      for (int example = 0; example < graph.batch(); example++) {
        reduceBlocks(inputs, example);
        maxima.position((long) example * map.length).get(largest, 0, map.length);
        from.position((long) example * map.length).get(map, 0, map.length);
        for (int i = 0; i < plane; i++) {
          laneMaxima[i] = Float.floatToRawIntBits(lanes[i]);
        }
        giveToOneLane(largest, left);
        for (int block = 0; block < blocks; block++) {
          inputBits.position(at(example, block)).get(bits, 0, plane);
          takeWhereEqual(bits, laneMaxima, left);
          to.position(at(example, block)).put(bits, 0, plane);
        }
      }
    };
  }

  private void giveToOneLane(float[] largest, int[] left) {
    Arrays.fill(left, 0);
    for (int i = 0; i < largest.length; i++) {
      int lane = i * BLOCK;
      while (lane < i * BLOCK + BLOCK - 1 && lanes[lane] != largest[i]) {
        lane++;
      }
      left[lane] = Float.floatToRawIntBits(map[i]);
    }
  }

  private static void takeWhereEqual(int[] bits, int[] wanted, int[] left) {
    for (int i = 0; i < bits.length; i++) {
      int mask = MaxPoolGradient.whereEqual(bits[i], wanted[i]);
      bits[i] = left[i] & mask;
      left[i] &= ~mask;
    }
  }
}
