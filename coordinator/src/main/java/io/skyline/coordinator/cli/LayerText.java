package io.skyline.coordinator.cli;

import io.skyline.architecture.Activation;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import io.skyline.architecture.Window;
import java.util.Locale;

/** A layer in a few words, as drawings show it. */
final class LayerText {
  private LayerText() {}

  static String of(Layer layer) {
    if (layer instanceof Convolution conv) {
      return convolution(conv);
    } else if (layer instanceof Dense) {
      return "dense";
    } else if (layer instanceof BatchNorm) {
      return "norm";
    } else if (layer instanceof Activation activation) {
      return words(activation.function().name());
    } else if (layer instanceof Pooling pooling) {
      String window = window(pooling.rows(), pooling.columns());
      return words(pooling.kind().name()) + " pool " + window;
    } else if (layer instanceof GlobalAveragePool) {
      return "average pool over all positions";
    } else if (layer instanceof ChannelPooling pooling) {
      return words(pooling.kind().name()) + " over channels";
    } else if (layer instanceof SoftArgmax) {
      return "soft-argmax over all positions";
    } else if (layer instanceof Glimpse glimpse) {
      return "glimpse " + glimpse.height() + "x" + glimpse.width();
    } else if (layer instanceof Multiply) {
      return "gate";
    } else if (layer instanceof Shuffle shuffle) {
      return "shuffle " + shuffle.groups() + " groups";
    } else if (layer instanceof Slice slice) {
      return "channels " + slice.from() + " to " + (slice.to() - 1);
    } else if (layer instanceof Select select) {
      return "index of " + select.channels().size() + " learned channels";
    } else if (layer instanceof Dropout dropout) {
      return "dropout " + dropout.rate();
    } else if (layer instanceof DropPath drop) {
      return "drop path " + drop.rate();
    }
    return words(layer.getClass().getSimpleName());
  }

  private static String convolution(Convolution conv) {
    String window = window(conv.rows(), conv.columns());
    String text = (conv.isDepthwise() ? "depthwise " : "conv ") + window;
    if (conv.groups() > 1 && !conv.isDepthwise()) {
      text += " in " + conv.groups() + " groups";
    }
    return conv.dilation() > 1 ? text + " dilated " + conv.dilation() : text;
  }

  private static String window(Window rows, Window columns) {
    int stride = Math.max(rows.stride(), columns.stride());
    String step = stride > 1 ? " /" + stride : "";
    return rows.kernel() + "x" + columns.kernel() + step;
  }

  private static String words(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
