package io.skyline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Costs against the tables of published networks. */
class PublishedNetworksTest {
  /** Simonyan and Zisserman 2015, configuration D, as tabulated in the CS231n notes. */
  private static final String VGG_16 =
      """
      image   3x224x224    150528         0           0
      conv1   64x224x224  3211264      1728    86704128
      conv2   64x224x224  3211264     36864  1849688064
      pool3   64x112x112   802816         0           0
      conv4  128x112x112  1605632     73728   924844032
      conv5  128x112x112  1605632    147456  1849688064
      pool6   128x56x56    401408         0           0
      conv7   256x56x56    802816    294912   924844032
      conv8   256x56x56    802816    589824  1849688064
      conv9   256x56x56    802816    589824  1849688064
      pool10  256x28x28    200704         0           0
      conv11  512x28x28    401408   1179648   924844032
      conv12  512x28x28    401408   2359296  1849688064
      conv13  512x28x28    401408   2359296  1849688064
      pool14  512x14x14    100352         0           0
      conv15  512x14x14    100352   2359296   462422016
      conv16  512x14x14    100352   2359296   462422016
      conv17  512x14x14    100352   2359296   462422016
      pool18  512x7x7       25088         0           0
      dense19 4096x1x1       4096 102760448   102760448
      dense20 4096x1x1       4096  16777216    16777216
      dense21 1000x1x1       1000   4096000     4096000
      """;

  private final List<Node> nodes = new ArrayList<>();
  private String last = Architecture.INPUT;

  @Test
  void vgg16CostsLayerByLayerWhatItsTableSays() {
    NetworkCost cost = NetworkCost.of(vgg16(), Storage.FP32);

    StringBuilder table = new StringBuilder();
    for (LayerCost layer : cost.layers()) {
      if (!layer.fused()) {
        // the table counts kernels only; the convolutions' and dense layers' biases come on top
        long biases = layer.parameters() == 0 ? 0 : layer.output().channels();
        table.append(
            "%s %s %d %d %d%n"
                .formatted(
                    layer.name(),
                    layer.output(),
                    layer.output().elements(),
                    layer.parameters() - biases,
                    layer.macs()));
      }
    }
    assertThat(table.toString()).isEqualToNormalizingWhitespace(VGG_16);
    assertThat(cost.parameters()).isEqualTo(138_357_544);
    assertThat(NetworkCost.trainableParameters(vgg16())).isEqualTo(138_357_544);
    assertThat(cost.activationValues()).isEqualTo(15_237_608);
    assertThat(cost.macs()).isEqualTo(15_470_264_320L);
    assertThat(cost.weightBytes()).isEqualTo(4L * 138_357_544);
    // the second convolution reads and writes 64 x 224 x 224
    assertThat(cost.peakActivationBytes()).isEqualTo(2L * 3_211_264 * 4);
  }

  /** He et al. 2016 on CIFAR-10 with projection shortcuts. */
  @Test
  void resnet20CostsWhatIsPublished() {
    Architecture resnet = resnet20();
    NetworkCost cost = NetworkCost.of(resnet, Storage.FP32);

    assertThat(NetworkCost.trainableParameters(resnet)).isEqualTo(272_474);
    // each of the 784 normalized channels keeps a shift and gives its scale to the kernel
    assertThat(cost.parameters()).isEqualTo(272_474 - 784);
    assertThat(cost.macs()).isEqualTo(40_813_184);
    // two maps of 16 x 32 x 32: residuals accumulate in place
    assertThat(cost.peakActivationBytes()).isEqualTo(2 * 16 * 32 * 32 * 4);
  }

  private Architecture vgg16() {
    nodes.clear();
    last = Architecture.INPUT;
    int[][] stages = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
    int index = 0;
    for (int[] stage : stages) {
      for (int i = 0; i < stage[1]; i++) {
        add("conv" + ++index, new Convolution(stage[0], 3, 1, 1, 1, true));
        add("relu" + index, new Activation(Function.RELU));
      }
      add("pool" + ++index, new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    }
    add("flatten", new Flatten());
    for (int width : new int[] {4096, 4096, 1000}) {
      add("dense" + ++index, new Dense(width, true));
      if (width > 1000) {
        add("relu" + index, new Activation(Function.RELU));
      }
    }
    return new Architecture(new Shape(3, 224, 224), nodes);
  }

  private Architecture resnet20() {
    normalized("stem", Convolution.same(16, 3, 1), true);
    int width = 16;
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 1; block <= 3; block++) {
        String name = "s" + stage + "b" + block;
        String from = last;
        int stride = stage > 1 && block == 1 ? 2 : 1;
        normalized(name + "a", Convolution.same(width, 3, stride), true);
        normalized(name + "b", Convolution.same(width, 3, 1), false);
        String shortcut = from;
        String body = last;
        if (stride == 2) {
          last = from;
          normalized(name + "s", new Convolution(width, 1, 2, 0, 1, false), false);
          shortcut = last;
        }
        nodes.add(new Node(name + "add", new Add(), List.of(body, shortcut)));
        last = name + "add";
        add(name + "relu", new Activation(Function.RELU));
      }
      width *= 2;
    }
    add("pool", new GlobalAveragePool());
    add("dense", new Dense(10, true));
    return new Architecture(new Shape(3, 32, 32), nodes);
  }

  private void normalized(String name, Layer layer, boolean activated) {
    add(name, layer);
    add(name + "_bn", new BatchNorm());
    if (activated) {
      add(name + "_relu", new Activation(Function.RELU));
    }
  }

  private void add(String name, Layer layer) {
    nodes.add(new Node(name, layer, List.of(last)));
    last = name;
  }
}
