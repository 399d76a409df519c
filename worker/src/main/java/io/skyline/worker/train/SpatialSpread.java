package io.skyline.worker.train;

import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** A gate of one number a position, which is repeated over a block of channels first. */
record SpatialSpread(Graph graph, Tensor input, Tensor gate) implements GateOp.Spread {
  @Override
  public Examplewise products() {
    return new Examplewise(
        graph.batch(), OneDnn.matrix(blocks(), plane()), OneDnn.matrix(1, plane()));
  }

  private int blocks() {
    return ChannelCopy.blocks(input, OneDnn.BLOCK);
  }

  /** Numbers of one block of channels of one example. */
  private int plane() {
    return Math.toIntExact(gate.shape.elements() * OneDnn.BLOCK);
  }

  @Override
  public memory factors(String name) {
    int plane = plane();
    memory repeated = graph.allocate(OneDnn.matrix(graph.batch(), plane));
    FloatPointer from = OneDnn.floats(gate.value);
    FloatPointer to = OneDnn.floats(repeated);
    float[] map = new float[plane / OneDnn.BLOCK];
    float[] block = new float[plane];
    graph
        .forwardProgram()
        .add(
            name,
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                from.position((long) example * map.length).get(map, 0, map.length);
                Lanes.spread(map, block, OneDnn.BLOCK);
                to.position((long) example * plane).put(block, 0, plane);
              }
            });
    return repeated;
  }

  @Override
  public void sum(String name, memory values, memory sums) {
    int plane = plane();
    int blocks = blocks();
    FloatPointer from = OneDnn.floats(values);
    FloatPointer to = OneDnn.floats(sums);
    float[] block = new float[plane];
    float[] lanes = new float[plane];
    float[] map = new float[plane / OneDnn.BLOCK];
    graph
        .backwardProgram()
        .add(
            name,
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                Arrays.fill(lanes, 0f);
                for (int i = 0; i < blocks; i++) {
                  from.position(((long) example * blocks + i) * plane).get(block, 0, plane);
                  Lanes.add(lanes, block);
                }
                Lanes.sum(lanes, map, 1f);
                to.position((long) example * map.length).put(map, 0, map.length);
              }
            });
  }
}
