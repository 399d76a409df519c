package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.space.block.Block;
import io.skyline.space.block.BlockSettings;
import io.skyline.space.block.Draft;
import io.skyline.space.block.Knob;
import io.skyline.space.block.Stage;
import io.skyline.space.block.Widths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Architectures of the literature, as published but for the numbers of inputs and classes. */
enum NamedNetwork {
  /** Two hidden layers (LeCun et al. 1998): 266,610 parameters on 28x28 pixels. */
  LENET_300_100("lenet-300-100") {
    @Override
    void lay(Draft draft, double width) {
      draft.add("flat", new Flatten());
      dense(draft, "hidden1", scaled(300, width));
      dense(draft, "hidden2", scaled(100, width));
    }
  },
  /**
   * Two convolutions and a hidden layer (LeCun et al. 1998), in the form that Caffe gave it and
   * Deep Compression used: 431,080 parameters on 28x28 pixels.
   */
  LENET_5("lenet-5") {
    @Override
    void lay(Draft draft, double width) {
      for (int i = 1; i <= 2; i++) {
        int outputs = scaled(i == 1 ? 20 : 50, width);
        draft.add("conv" + i, new Convolution(outputs, 5, 1, 0, 1, true));
        draft.add("pool" + i, new Pooling(Pooling.Kind.MAX, 2, 2, 0));
      }
      draft.add("flat", new Flatten());
      dense(draft, "hidden", scaled(500, width));
    }
  },
  /**
   * Six normalized convolutions in three pooled pairs, after Simonyan and Zisserman 2015, with a
   * pooled head: 288,554 parameters on one input channel.
   */
  VGG_SMALL("vgg-small") {
    @Override
    void lay(Draft draft, double width) {
      for (int pair = 1; pair <= 3; pair++) {
        int outputs = scaled(16 << pair, width);
        String name = "stage" + pair;
        new Stage(Block.CONV, 2, pair == 1 ? "none" : "max", settings(outputs)).lay(draft, name);
      }
      draft.add("pool", new GlobalAveragePool());
    }
  },
  /**
   * Nine residual blocks of 16, 32 and 64 channels (He et al. 2016) with projection shortcuts:
   * 272,474 parameters on three input channels.
   */
  RESNET_20("resnet-20") {
    @Override
    void lay(Draft draft, double width) {
      draft.activated("stem", Convolution.same(scaled(16, width), 3, 1), RELU);
      for (int stage = 1; stage <= 3; stage++) {
        int outputs = scaled(8 << stage, width);
        new Stage(Block.RESIDUAL, 3, stage == 1 ? "none" : "stride", settings(outputs))
            .lay(draft, "stage" + stage);
      }
      draft.add("pool", new GlobalAveragePool());
    }
  };

  private static final Activation RELU = new Activation(Function.RELU);

  private final String word;

  NamedNetwork(String word) {
    this.word = word;
  }

  /** Everything but the class scores. */
  abstract void lay(Draft draft, double width);

  static List<String> words() {
    return Arrays.stream(values()).map(network -> network.word).toList();
  }

  static NamedNetwork of(String word) {
    return values()[words().indexOf(word)];
  }

  /**
   * The network on inputs of a shape.
   *
   * @param width times the published numbers of channels, rounded to eights unless it is 1
   */
  Architecture build(Shape input, int classes, double width) {
    Draft draft = new Draft(input);
    lay(draft, width);
    draft.add("scores", new Dense(classes, true));
    return draft.architecture();
  }

  private static int scaled(int published, double width) {
    return width == 1 ? published : Widths.eights(published * width);
  }

  private static BlockSettings settings(int outputs) {
    return new BlockSettings(Map.of(Knob.WIDTH, Integer.toString(outputs)), RELU);
  }

  private static void dense(Draft draft, String name, int outputs) {
    draft.add(name, new Dense(outputs, true));
    draft.add(name + "_act", RELU);
  }
}
