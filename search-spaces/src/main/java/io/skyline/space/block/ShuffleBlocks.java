package io.skyline.space.block;

import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import java.util.List;

/** The units of both ShuffleNets. */
final class ShuffleBlocks {
  /** Of a unit's width, as in the paper. */
  private static final double BOTTLENECK = 0.25;

  private ShuffleBlocks() {}

  /** A strided unit that widens joins its pooled input, as in the paper; any other one adds it. */
  static void first(Draft draft, String name, BlockSettings settings, int stride) {
    String from = draft.last();
    int width = settings.width();
    int groups = settings.groups();
    boolean joins = stride > 1 && width > draft.channels();
    int made = joins ? width - draft.channels() : width;
    int inner = Widths.eights(width * BOTTLENECK);
    draft.activated(name + "_in", BlockSettings.pointwise(inner, groups), settings.activation());
    if (groups > 1) {
      draft.add(name + "_shuffle", new Shuffle(groups));
    }
    draft.normalized(name + "_dw", settings.depthwise(inner, stride));
    draft.normalized(name + "_out", BlockSettings.pointwise(made, groups));
    Attention.lay(draft, name, settings);
    if (!joins) {
      ResidualBlocks.close(draft, name, from, settings, stride);
      return;
    }
    String branch = draft.last();
    draft.from(from);
    String pooled = draft.add(name + "_pool", new Pooling(Pooling.Kind.AVERAGE, 3, stride, 1));
    draft.add(name + "_join", new Concat(), List.of(pooled, branch));
    draft.add(name + "_act", settings.activation());
  }

  /** A unit that strides or changes the width convolves both halves. */
  static void second(Draft draft, String name, BlockSettings settings, int stride) {
    String from = draft.last();
    int read = draft.channels();
    int width = settings.width();
    String passed;
    if (stride == 1 && read == width) {
      passed = draft.add(name + "_pass", new Slice(0, Widths.half(read)), List.of(from));
      draft.add(name + "_take", new Slice(Widths.half(read), read), List.of(from));
    } else {
      draft.normalized(name + "_pass_dw", settings.depthwise(read, stride));
      passed =
          draft.activated(
              name + "_pass", Convolution.pointwise(Widths.half(width)), settings.activation());
      draft.from(from);
    }
    int made = width - Widths.half(width);
    draft.activated(name + "_in", Convolution.pointwise(made), settings.activation());
    draft.normalized(name + "_dw", settings.depthwise(made, stride));
    draft.activated(name + "_out", Convolution.pointwise(made), settings.activation());
    Attention.lay(draft, name, settings);
    draft.add(name + "_join", new Concat(), List.of(passed, draft.last()));
    draft.add(name + "_shuffle", new Shuffle(2));
  }
}
