package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.TensorRule;
import io.skyline.worker.train.WeightRule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Training on rounded weights: the network computes with kernels on their grids, while gradients
 * move the exact ones as if nothing had been rounded (Courbariaux et al. 2015, "BinaryConnect";
 * Jacob et al. 2018, section 3).
 */
final class StraightThrough implements WeightRule {
  private final WeightRule held;
  private final Map<String, WeightGrid> grids = new HashMap<>();
  private final Map<String, Integer> channels = new HashMap<>();

  /**
   * @param grids of kernels by the names of their layers
   * @param held of the exact weights
   */
  StraightThrough(Network network, Map<String, WeightGrid> grids, WeightRule held) {
    this.held = held;
    for (Node node : network.architecture().nodes()) {
      WeightGrid grid = grids.get(node.name());
      if (grid != null) {
        String key = Weights.key(node, "kernel");
        this.grids.put(key, grid);
        channels.put(key, Grids.outputs(network, node));
      }
    }
  }

  @Override
  public @Nullable TensorRule of(String key, float[] start) {
    TensorRule exact = held.of(key, start);
    WeightGrid grid = grids.get(key);
    Integer outputs = channels.get(key);
    return grid == null || outputs == null ? exact : new Rounded(grid, outputs, exact, start);
  }

  /** One kernel: what the network computes with lies on a grid. */
  private static final class Rounded implements TensorRule {
    private final WeightGrid grid;
    private final int channels;
    private final @Nullable TensorRule exact;
    private final float[] shown;

    /** Beyond it a weight of one bit no longer follows its gradient, as in BinaryConnect. */
    private final float largest;

    Rounded(WeightGrid grid, int channels, @Nullable TensorRule exact, float[] start) {
      this.grid = grid;
      this.channels = channels;
      this.exact = exact;
      this.shown = new float[start.length];
      this.largest = grid == WeightGrid.BINARY ? Math.max(1, largest(start)) : Float.MAX_VALUE;
    }

    @Override
    public void adjust(float[] gradient) {
      if (exact != null) {
        exact.adjust(gradient);
      }
    }

    @Override
    public void hold(float[] weights) {
      if (exact != null) {
        exact.hold(weights);
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(-largest, Math.min(largest, weights[i]));
      }
    }

    private static float largest(float[] weights) {
      float largest = 0;
      for (float weight : weights) {
        largest = Math.max(largest, Math.abs(weight));
      }
      return largest;
    }

    @Override
    public float[] shown(float[] weights) {
      System.arraycopy(weights, 0, shown, 0, weights.length);
      Grids.round(grid, shown, channels);
      return shown;
    }
  }
}
