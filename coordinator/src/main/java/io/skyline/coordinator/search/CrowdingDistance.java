package io.skyline.coordinator.search;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How lonely each point of a front is: the sum over the objectives of the gap between its two
 * neighbours, as a share of the front's range (Deb et al. 2002, section III-B).
 */
public final class CrowdingDistance {
  private CrowdingDistance() {}

  /**
   * The distance of each point; infinite for one that is extreme in an objective.
   *
   * @param front cost vectors of equal length
   */
  public static double[] of(List<double[]> front) {
    int count = front.size();
    double[] distances = new double[count];
    int objectives = count == 0 ? 0 : front.get(0).length;
    for (int objective = 0; objective < objectives; objective++) {
      int axis = objective;
      List<Integer> order =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> front.get(i)[axis]))
              .toList();
      double least = front.get(order.get(0))[axis];
      double range = front.get(order.get(count - 1))[axis] - least;
      distances[order.get(0)] = Double.POSITIVE_INFINITY;
      distances[order.get(count - 1)] = Double.POSITIVE_INFINITY;
      for (int k = 1; range > 0 && k < count - 1; k++) {
        double gap = front.get(order.get(k + 1))[axis] - front.get(order.get(k - 1))[axis];
        distances[order.get(k)] += gap / range;
      }
    }
    return distances;
  }
}
