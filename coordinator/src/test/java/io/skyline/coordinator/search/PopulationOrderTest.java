package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PopulationOrderTest {
  private static final double FAR = Double.POSITIVE_INFINITY;

  @Test
  void sortsIntoFrontsLayerByLayer() {
    List<double[]> costs =
        List.of(
            new double[] {1, 4}, // front 0
            new double[] {2, 5}, // behind the first only
            new double[] {4, 1}, // front 0
            new double[] {5, 6}, // behind all
            new double[] {2, 4.5}, // behind the first
            new double[] {3, 3}); // front 0
    // (2, 5) lies behind (2, 4.5), which lies behind (1, 4)
    assertThat(NondominatedSort.ranks(costs, Dominance::dominates))
        .containsExactly(0, 2, 0, 3, 1, 0);
  }

  @Test
  void equalsShareAFront() {
    List<double[]> costs = List.of(new double[] {1}, new double[] {0}, new double[] {1});
    assertThat(NondominatedSort.ranks(costs, Dominance::dominates)).containsExactly(1, 0, 1);
    assertThat(NondominatedSort.<double[]>ranks(List.of(), Dominance::dominates)).isEmpty();
  }

  @Test
  void crowdingAddsTheGapsOfBothNeighbours() {
    List<double[]> front =
        List.of(
            new double[] {0, 10}, new double[] {1, 6}, new double[] {4, 5}, new double[] {10, 0});
    double[] distances = CrowdingDistance.of(front);
    // (4 - 0) / 10 + (10 - 5) / 10 and (10 - 1) / 10 + (6 - 0) / 10
    assertThat(distances[0]).isEqualTo(FAR);
    assertThat(distances[1]).isEqualTo(.9);
    assertThat(distances[2]).isEqualTo(1.5);
    assertThat(distances[3]).isEqualTo(FAR);
  }

  @Test
  void crowdingKnowsFrontsWithoutExtent() {
    assertThat(CrowdingDistance.of(List.of())).isEmpty();
    assertThat(CrowdingDistance.of(List.of(new double[] {1, 2}))).containsExactly(FAR);
    double[] same =
        CrowdingDistance.of(List.of(new double[] {1}, new double[] {1}, new double[] {1}));
    assertThat(same).containsExactly(FAR, 0, FAR);
  }
}
