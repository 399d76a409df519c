package io.skyline.space.block;

import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import java.util.List;

/** Blocks without a shortcut. */
final class PlainBlocks {
  private PlainBlocks() {}

  static void convolution(Draft draft, String name, BlockSettings settings, int stride) {
    draft.activated(
        name, settings.spatial(settings.width(), stride, settings.groups()), settings.activation());
    Attention.lay(draft, name, settings);
  }

  static void separable(Draft draft, String name, BlockSettings settings, int stride) {
    draft.activated(
        name + "_dw", settings.depthwise(draft.channels(), stride), settings.activation());
    draft.activated(name + "_pw", Convolution.pointwise(settings.width()), settings.activation());
    Attention.lay(draft, name, settings);
  }

  /** Where the paper pools between modules, a stride pools before the squeeze. */
  static void fire(Draft draft, String name, BlockSettings settings, int stride) {
    if (stride > 1) {
      draft.add(name + "_pool", new Pooling(Pooling.Kind.MAX, 3, stride, 1));
    }
    int width = settings.width();
    int squeezed = Widths.eights(width * settings.number(Knob.SQUEEZE));
    String squeeze =
        draft.activated(name + "_squeeze", Convolution.pointwise(squeezed), settings.activation());
    String small =
        draft.activated(
            name + "_small", Convolution.pointwise(Widths.half(width)), settings.activation());
    draft.from(squeeze);
    String large =
        draft.activated(
            name + "_large",
            settings.spatial(width - Widths.half(width), 1, 1),
            settings.activation());
    draft.add(name + "_join", new Concat(), List.of(small, large));
    Attention.lay(draft, name, settings);
  }
}
