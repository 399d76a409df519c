package io.skyline.space.block;

import io.skyline.architecture.Add;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.DropPath;
import java.util.List;

/** Blocks whose branch is added to what they read. */
final class ResidualBlocks {
  private ResidualBlocks() {}

  /** With a linear end, and a shortcut only where it costs nothing. */
  static void inverted(Draft draft, String name, BlockSettings settings, int stride) {
    String from = draft.last();
    int read = draft.channels();
    int inner = read * settings.integer(Knob.EXPANSION);
    if (inner > read) {
      draft.activated(name + "_expand", Convolution.pointwise(inner), settings.activation());
    }
    draft.activated(name + "_dw", settings.depthwise(inner, stride), settings.activation());
    Attention.lay(draft, name, settings);
    draft.normalized(name + "_project", Convolution.pointwise(settings.width()));
    if (stride == 1 && read == settings.width()) {
      add(draft, name, from, settings);
    }
  }

  static void basic(Draft draft, String name, BlockSettings settings, int stride) {
    String from = draft.last();
    int width = settings.width();
    draft.activated(
        name + "_a", settings.spatial(width, stride, settings.groups()), settings.activation());
    draft.normalized(name + "_b", settings.spatial(width, 1, settings.groups()));
    Attention.lay(draft, name, settings);
    close(draft, name, from, settings, stride);
  }

  static void bottleneck(Draft draft, String name, BlockSettings settings, int stride) {
    String from = draft.last();
    int width = settings.width();
    int inner = Widths.eights(width * settings.number(Knob.SQUEEZE));
    draft.activated(name + "_reduce", Convolution.pointwise(inner), settings.activation());
    draft.activated(
        name + "_mid", settings.spatial(inner, stride, settings.groups()), settings.activation());
    draft.normalized(name + "_restore", Convolution.pointwise(width));
    Attention.lay(draft, name, settings);
    close(draft, name, from, settings, stride);
  }

  /** Adds the branch to its source, projected where shapes differ, and activates the sum. */
  static void close(Draft draft, String name, String from, BlockSettings settings, int stride) {
    String branch = draft.last();
    String shortcut = from;
    if (!draft.shape(from).equals(draft.shape(branch))) {
      draft.from(from);
      shortcut =
          draft.normalized(
              name + "_shortcut",
              new Convolution(draft.shape(branch).channels(), 1, stride, 0, 1, false));
      draft.from(branch);
    }
    add(draft, name, shortcut, settings);
    draft.add(name + "_act", settings.activation());
  }

  private static void add(Draft draft, String name, String shortcut, BlockSettings settings) {
    double rate = settings.number(Knob.DROP_PATH);
    if (rate > 0) {
      draft.add(name + "_drop", new DropPath(rate));
    }
    draft.add(name + "_add", new Add(), List.of(draft.last(), shortcut));
  }
}
