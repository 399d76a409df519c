package io.skyline.space.block;

import io.skyline.architecture.Concat;
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
    lay(draft, name, settings, stride, 1);
  }

  static void condense(Draft draft, String name, BlockSettings settings, int stride) {
    lay(draft, name, settings, stride, settings.groups());
  }

  private static void lay(
      Draft draft, String name, BlockSettings settings, int stride, int groups) {
    if (stride > 1) {
      draft.add(name + "_pool", new Pooling(Pooling.Kind.AVERAGE, 3, stride, 1));
    }
    String from = draft.last();
    int growth = settings.integer(Knob.GROWTH);
    draft.activated(
        name + "_in", BlockSettings.pointwise(BOTTLENECK * growth, groups), settings.activation());
    if (groups > 1) {
      draft.add(name + "_shuffle", new Shuffle(groups));
    }
    draft.activated(name, settings.spatial(growth, 1, groups), settings.activation());
    Attention.lay(draft, name, settings);
    draft.add(name + "_join", new Concat(), List.of(from, draft.last()));
  }
}
