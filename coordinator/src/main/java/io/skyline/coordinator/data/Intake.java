package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes examples in as readers find them, and gives them out by position. Their values are spooled;
 * their labels and numbers are in memory.
 */
final class Intake implements AutoCloseable {
  private final Shape shape;
  private final boolean floats;
  private final Spool spool;
  private final List<String> groups = new ArrayList<>();
  private int[] groupOf = new int[1024];
  private Part[] partOf = new Part[1024];
  private int[] labels = new int[1024];
  private float[] targets = new float[1024];
  private Part part = Part.TRAIN;

  /**
   * @param floats whether records are little-endian float32, else unsigned bytes
   */
  Intake(Shape shape, boolean floats) {
    this.shape = shape;
    this.floats = floats;
    this.spool = new Spool(recordBytes(shape, floats));
  }

  static int recordBytes(Shape shape, boolean floats) {
    return Math.toIntExact(Math.multiplyExact(shape.elements(), floats ? Float.BYTES : 1));
  }

  /**
   * What follows belongs to a part.
   *
   * @param group its file, say: within a part, examples are ordered by the names of their groups
   */
  void begin(Part next, String group) {
    part = next;
    groups.add(group);
  }

  void add(byte[] record, int label) {
    add(record, label, 0);
  }

  void add(byte[] record, float target) {
    add(record, 0, target);
  }

  private void add(byte[] record, int label, float target) {
    int index = spool.count();
    if (index == labels.length) {
      int longer = Math.toIntExact(Math.min(2L * index, Integer.MAX_VALUE - 8));
      groupOf = Arrays.copyOf(groupOf, longer);
      partOf = Arrays.copyOf(partOf, longer);
      labels = Arrays.copyOf(labels, longer);
      targets = Arrays.copyOf(targets, longer);
    }
    spool.add(record);
    groupOf[index] = groups.size() - 1;
    partOf[index] = part;
    labels[index] = label;
    targets[index] = target;
  }

  int count() {
    return spool.count();
  }

  int label(int position) {
    return labels[position];
  }

  /** The positions of a part's examples, group by group. */
  int[] positions(Part wanted) {
    return IntStream.range(0, count())
        .filter(i -> partOf[i] == wanted)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> groups.get(groupOf[i])).thenComparing(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  /** The examples of these positions, in this order, for as long as the intake is open. */
  SplitExamples select(int[] positions) {
    return new Selection(positions);
  }

  @Override
  public void close() {
    spool.close();
  }

  private final class Selection implements SplitExamples {
    private final int[] positions;

    Selection(int[] positions) {
      this.positions = positions;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public boolean areFloats() {
      return floats;
    }

    @Override
    public int count() {
      return positions.length;
    }

    @Override
    public int label(int example) {
      return labels[positions[example]];
    }

    @Override
    public float target(int example) {
      return targets[positions[example]];
    }

    @Override
    public void read(int example, byte[] into) {
      spool.read(positions[example], into);
    }
  }
}
