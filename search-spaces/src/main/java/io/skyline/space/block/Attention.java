package io.skyline.space.block;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import java.util.List;

/**
 * Gates on what a block made: {@code se} weighs channels (squeeze-and-excitation, Hu et al. 2018),
 * {@code spatial} weighs positions, {@code cbam} does both in this order (Woo et al. 2018, whose
 * gate of channels also looks at their maxima).
 */
final class Attention {
  /** The words in YAML. */
  static final List<String> WORDS = List.of("none", "se", "spatial", "cbam");

  private static final int SPATIAL_KERNEL = 7;

  private Attention() {}

  /** Adds the gates that a stage's settings ask for to the last layer. */
  static void lay(Draft draft, String name, BlockSettings settings) {
    String kind = settings.word(Knob.ATTENTION);
    if (kind.equals("se") || kind.equals("cbam")) {
      channels(draft, name + "_se", settings);
    }
    if (kind.equals("spatial") || kind.equals("cbam")) {
      positions(draft, name + "_sa");
    }
  }

  private static void channels(Draft draft, String name, BlockSettings settings) {
    String gated = draft.last();
    int channels = draft.channels();
    int reduced = Widths.eights((double) channels / settings.integer(Knob.REDUCTION));
    // MobileNetV3 pairs its activation with a gate that is as cheap
    boolean hard = settings.activation().function() == Function.HARD_SWISH;
    draft.add(name + "_pool", new GlobalAveragePool());
    draft.add(name + "_reduce", new Dense(reduced, true));
    draft.add(name + "_relu", new Activation(Function.RELU));
    draft.add(name + "_restore", new Dense(channels, true));
    draft.add(name + "_gate", new Activation(hard ? Function.HARD_SIGMOID : Function.SIGMOID));
    draft.add(name, new Multiply(), List.of(gated, draft.last()));
  }

  private static void positions(Draft draft, String name) {
    String gated = draft.last();
    String most = draft.add(name + "_max", new ChannelPooling(Pooling.Kind.MAX));
    draft.from(gated);
    String mean = draft.add(name + "_mean", new ChannelPooling(Pooling.Kind.AVERAGE));
    draft.add(name + "_maps", new Concat(), List.of(most, mean));
    draft.add(name + "_conv", new Convolution(1, SPATIAL_KERNEL, 1, SPATIAL_KERNEL / 2, 1, true));
    draft.add(name + "_gate", new Activation(Function.SIGMOID));
    draft.add(name, new Multiply(), List.of(gated, draft.last()));
  }
}
