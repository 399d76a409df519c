package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Dominance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The expected improvement of hypervolume (Emmerich et al. 2006), exact for independent objectives
 * of any number; with one objective it is the expected improvement (Mockus 1978).
 *
 * <p>What the front does not dominate below the reference point is cut along the axes into boxes
 * that reach from (lower_2, ..., lower_m) to (upper_1, ..., upper_m) and without end downwards
 * along the first. A point's improvement is the sum over boxes of the parts that it dominates, and
 * the expectation of each part is a product over the objectives.
 */
final class ExpectedImprovement {
  /** About so many boxes are allowed; larger fronts of three or more objectives are thinned. */
  private static final double BOXES = 20_000;

  private final double[][] levels;
  private final List<int[]> boxes = new ArrayList<>();

  /**
   * @param front non-dominated costs, on the scale of the hypervolume
   * @param reference the worst cost that counts, by objective
   */
  ExpectedImprovement(List<double[]> front, double[] reference) {
    List<double[]> inside = new ArrayList<>(front);
    inside.removeIf(point -> !Dominance.dominates(point, reference));
    inside = thinned(inside, reference.length);
    this.levels = new double[reference.length][];
    for (int axis = 0; axis < levels.length; axis++) {
      TreeSet<Double> values = new TreeSet<>();
      values.add(reference[axis]);
      for (double[] point : inside) {
        values.add(point[axis]);
      }
      levels[axis] = values.stream().mapToDouble(Double::doubleValue).toArray();
    }
    if (levels.length > 0) {
      cut(inside, levels.length - 1, new int[2 * levels.length]);
    }
  }

  /** An even choice along the first axis, and the best along each. */
  private static List<double[]> thinned(List<double[]> front, int objectives) {
    if (objectives < 3) {
      return front;
    }
    int most = (int) Math.pow(BOXES, 1. / (objectives - 1));
    List<double[]> sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble(point -> point[0]));
    int stride = (sorted.size() + most - 1) / most;
    Set<double[]> kept = new LinkedHashSet<>(); // by identity
    for (int axis = 0; axis < objectives && stride > 1; axis++) {
      int i = axis;
      kept.add(Collections.min(front, Comparator.comparingDouble(point -> point[i])));
    }
    for (int i = 0; i < sorted.size(); i += stride) {
      kept.add(sorted.get(i));
    }
    return List.copyOf(kept);
  }

  /** Slices along the last axis; in each, only what lies below it bounds the other axes. */
  private void cut(List<double[]> front, int axis, int[] box) {
    double[] grid = levels[axis];
    if (axis == 0) {
      double least = front.stream().mapToDouble(p -> p[0]).min().orElse(grid[grid.length - 1]);
      box[0] = -1;
      box[1] = Arrays.binarySearch(grid, least);
      boxes.add(box.clone());
      return;
    }
    TreeSet<Double> tops = new TreeSet<>();
    tops.add(grid[grid.length - 1]);
    front.forEach(point -> tops.add(point[axis]));
    int lower = -1;
    for (double top : tops) {
      double bottom = lower < 0 ? Double.NEGATIVE_INFINITY : grid[lower];
      List<double[]> below = front.stream().filter(point -> point[axis] <= bottom).toList();
      int upper = Arrays.binarySearch(grid, top);
      box[2 * axis] = lower;
      box[2 * axis + 1] = upper;
      cut(below, axis - 1, box);
      lower = upper;
    }
  }

  /** The costs along an objective at which boxes begin or end, rising. */
  double[] levels(int objective) {
    return levels[objective].clone();
  }

  /**
   * The expected improvement of a candidate.
   *
   * @param gains for each objective, how far below each of its levels the candidate is expected
   */
  double of(double[][] gains) {
    double sum = 0;
    for (int[] box : boxes) {
      double product = 1;
      for (int axis = 0; axis < gains.length; axis++) {
        double lower = box[2 * axis] < 0 ? 0 : gains[axis][box[2 * axis]];
        product *= Math.max(0, gains[axis][box[2 * axis + 1]] - lower);
      }
      sum += product;
    }
    return sum;
  }
}
