package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The volume that points dominate inside the unit box, all coordinates to be made small and the
 * reference point at (1, ..., 1); exact in any number of dimensions.
 *
 * <p>Two dimensions by a sweep, more by exclusive volumes (While, Bradstreet and Barone, "A fast
 * way of calculating exact hypervolumes", 2012: WFG).
 */
public final class Hypervolume {
  private Hypervolume() {}

  /**
   * The volume of the union of the boxes from each point to (1, ..., 1).
   *
   * @param points of equal length; those beyond the box add nothing
   */
  public static double of(List<double[]> points) {
    List<double[]> inside = new ArrayList<>();
    for (double[] point : points) {
      if (Arrays.stream(point).allMatch(coordinate -> coordinate < 1)) {
        inside.add(point);
      }
    }
    List<double[]> front = nondominated(inside);
    // one order of summation for every order of the points: equal sets give equal bits
    front.sort(Arrays::compare);
    return volume(front);
  }

  private static double volume(List<double[]> front) {
    if (front.isEmpty()) {
      return 0;
    }
    if (front.get(0).length == 1) {
      return 1 - front.stream().mapToDouble(point -> point[0]).min().orElseThrow();
    }
    return front.get(0).length == 2 ? sweep(front) : exclusive(front);
  }

  private static double sweep(List<double[]> front) {
    List<double[]> sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble(point -> point[0]));
    double area = 0;
    double ceiling = 1;
    for (double[] point : sorted) {
      if (point[1] < ceiling) {
        area += (1 - point[0]) * (ceiling - point[1]);
        ceiling = point[1];
      }
    }
    return area;
  }

  /** Each point's own box less what those after it cover of it. */
  private static double exclusive(List<double[]> front) {
    double sum = 0;
    for (int i = 0; i < front.size(); i++) {
      double[] point = front.get(i);
      List<double[]> covered = new ArrayList<>();
      for (double[] other : front.subList(i + 1, front.size())) {
        double[] worse = new double[point.length];
        Arrays.setAll(worse, axis -> Math.max(point[axis], other[axis]));
        covered.add(worse);
      }
      sum += box(point) - volume(nondominated(covered));
    }
    return sum;
  }

  private static double box(double[] point) {
    double volume = 1;
    for (double coordinate : point) {
      volume *= 1 - coordinate;
    }
    return volume;
  }

  /** Without the dominated points and without repetitions. */
  private static List<double[]> nondominated(List<double[]> points) {
    List<double[]> front = new ArrayList<>();
    for (double[] point : points) {
      if (front.stream().noneMatch(other -> covers(other, point))) {
        front.removeIf(other -> covers(point, other));
        front.add(point);
      }
    }
    return front;
  }

  private static boolean covers(double[] a, double[] b) {
    return Arrays.equals(a, b) || Dominance.dominates(a, b);
  }
}
