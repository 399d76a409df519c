package io.skyline.cost;

import io.skyline.architecture.Architecture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the activation buffers of one inference lie in one stretch of memory, those that are never
 * in use together over each other: the largest first, each at the lowest place that is free while
 * it lives (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference",
 * greedy by size).
 *
 * @param placements in the order of first use
 * @param bytes of the stretch; at least the bytes in use at the worst moment
 */
public record ArenaPlan(List<Placement> placements, long bytes) {
  public ArenaPlan {
    placements = List.copyOf(placements);
  }

  /**
   * One buffer.
   *
   * @param name of the node that writes it first
   * @param offset of its first byte
   * @param first position of that node; -1 for the input
   * @param last position of the last node that reads it
   */
  public record Placement(String name, long offset, long bytes, int first, int last) {
    /** Whether two are in use at the same time. */
    boolean livesWith(Placement other) {
      return first <= other.last && other.first <= last;
    }

    private long end() {
      return offset + bytes;
    }

    private Placement at(long other) {
      return new Placement(name, other, bytes, first, last);
    }
  }

  /** The plan of a network as it is deployed. */
  public static ArenaPlan of(Architecture deployed, StoragePlan storage) {
    MemoryPlan memory = new MemoryPlan(deployed, new Fusion(deployed), storage.usual());
    return of(memory.buffers());
  }

  /** Places buffers, whose offsets do not matter. */
  static ArenaPlan of(List<Placement> buffers) {
    List<Placement> largestFirst = new ArrayList<>(buffers);
    largestFirst.sort(
        Comparator.comparingLong(Placement::bytes).reversed().thenComparing(Placement::first));
    List<Placement> placed = new ArrayList<>();
    for (Placement buffer : largestFirst) {
      placed.add(buffer.at(lowest(buffer, placed)));
    }
    placed.sort(Comparator.comparing(Placement::first).thenComparing(Placement::offset));
    return new ArenaPlan(placed, placed.stream().mapToLong(Placement::end).max().orElse(0));
  }

  private static long lowest(Placement buffer, List<Placement> placed) {
    List<Placement> around =
        placed.stream()
            .filter(buffer::livesWith)
            .sorted(Comparator.comparingLong(Placement::offset))
            .toList();
    long free = 0;
    for (Placement other : around) {
      if (free + buffer.bytes <= other.offset) {
        return free;
      }
      free = Math.max(free, other.end());
    }
    return free;
  }
}
