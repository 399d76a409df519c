package io.skyline.space.block;

import io.skyline.architecture.Concat;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shuffle;
import java.util.List;

/**
 * Densely connected blocks. Normalizations follow the convolutions, where the papers put them
 * before, so that they fold away when the network is deployed.
 */
final class DenseBlocks {
  /** Channels of the 1x1 convolution, times the growth, as in both papers. */
  private static final int BOTTLENECK = 4;

  private DenseBlocks() {}

  static void dense(Draft draft, String name, BlockSettings settings, int stride) {
    int inner = BOTTLENECK * settings.integer(Knob.GROWTH);
    lay(draft, name, settings, stride, BlockSettings.pointwise(inner, 1), 1);
  }

  /**
   * Groups of filters in a row learn their inputs; the shuffle behind them is the paper's
   * permutation, by which every group of the spatial convolution reads filters of all of them.
   */
  static void condense(Draft draft, String name, BlockSettings settings, int stride) {
    int inner = BOTTLENECK * settings.integer(Knob.GROWTH);
    int groups = settings.groups();
    int condensation = settings.integer(Knob.CONDENSATION);
    Layer pointwise =
        condensation > 1
            ? new LearnedGroupConvolution(inner, groups, condensation)
            : BlockSettings.pointwise(inner, groups);
    lay(draft, name, settings, stride, pointwise, groups);
  }

  private static void lay(
      Draft draft, String name, BlockSettings settings, int stride, Layer pointwise, int groups) {
    if (stride > 1) {
      draft.add(name + "_pool", new Pooling(Pooling.Kind.AVERAGE, 3, stride, 1));
    }
    String from = draft.last();
    int growth = settings.integer(Knob.GROWTH);
    draft.activated(name + "_in", pointwise, settings.activation());
    if (groups > 1) {
      draft.add(name + "_shuffle", new Shuffle(groups));
    }
    draft.activated(name, settings.spatial(growth, 1, groups), settings.activation());
    Attention.lay(draft, name, settings);
    draft.add(name + "_join", new Concat(), List.of(from, draft.last()));
  }
}
