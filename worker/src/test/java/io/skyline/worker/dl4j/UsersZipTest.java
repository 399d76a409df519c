package io.skyline.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.OneDnnEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Zips that others wrote: their layers, their normalization, their mistakes. */
class UsersZipTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final ZipReader READER = new ZipReader(ENGINE);

  @TempDir Path folder;

  private static MultiLayerNetwork chain(InputType input, Layer... layers) {
    var list = new NeuralNetConfiguration.Builder().seed(7).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
    network.init();
    return network;
  }

  private static OutputLayer output(int classes) {
    return new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private Path save(MultiLayerNetwork network) throws Exception {
    Path file = folder.resolve("users.zip");
    ModelSerializer.writeModel(network, file.toFile(), true);
    return file;
  }

  /** A LeNet with a normalization of another epsilon, fed with rows of pixels scaled to 0..1. */
  private static MultiLayerNetwork lenet() {
    MultiLayerNetwork network =
        chain(
            InputType.convolutionalFlat(12, 12, 1),
            new ConvolutionLayer.Builder(5, 5)
                .nOut(6)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build(),
            new BatchNormalization.Builder().eps(1e-3).build(),
            new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
            new ConvolutionLayer.Builder(3, 3).nOut(8).activation(Activation.RELU).build(),
            new DenseLayer.Builder().nOut(10).activation(Activation.SIGMOID).build(),
            output(4));
    network
        .getLayer(1)
        .setParam("mean", Nd4j.createFromArray(.1f, .2f, .3f, 0f, 0f, .1f).reshape(1, 6));
    return network;
  }

  @Test
  void aUsersChainIsReadWithTheNormalizationThatHeSays() throws Exception {
    MultiLayerNetwork users = lenet();
    Path file = save(users);
    Shape shape = new Shape(1, 12, 12);
    Examples images = SampleNetworks.images(shape, 5, 4, 2);
    Normalization said = new Normalization(List.of(0f), List.of(255f));
    Network read = READER.read(file, images, Optional.of(said));

    float[] pixels = new float[5 * 144];
    for (int i = 0; i < 5; i++) {
      images.read(i, pixels, i * 144);
    }
    INDArray rows = Nd4j.createFromArray(pixels).reshape(5, 144).div(255);
    assertThat(ENGINE.predict(read, images))
        .containsExactly(users.output(rows).dup('c').data().asFloat(), within(1e-5f));
    assertThat(read.architecture().input()).isEqualTo(shape);
    assertThat(read.architecture().nodes().stream().map(n -> n.layer().getClass().getSimpleName()))
        .containsExactly(
            "Convolution",
            "Activation",
            "BatchNorm",
            "Pooling",
            "Convolution",
            "Activation",
            "Flatten",
            "Dense",
            "Activation",
            "Dense");
  }

  @Test
  void rowsOfFeaturesAreReadAsImagesThatAreFlattened() throws Exception {
    Path file =
        save(
            chain(
                InputType.feedForward(24),
                new DenseLayer.Builder().nIn(24).nOut(8).activation(Activation.RELU).build(),
                output(3)));
    Examples images = SampleNetworks.images(new Shape(1, 4, 6), 5, 3, 2);
    Normalization said = new Normalization(List.of(127f), List.of(60f));
    Network read = READER.read(file, images, Optional.of(said));
    assertThat(read.architecture().classes()).isEqualTo(3);
  }

  @Test
  void whatSkylineDoesNotHaveIsNamed() throws Exception {
    Examples images = SampleNetworks.images(new Shape(1, 8, 8), 2, 3, 2);
    Path file =
        save(
            chain(
                InputType.convolutional(8, 8, 1),
                new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build(),
                new LocalResponseNormalization.Builder().name("lrn").build(),
                output(3)));
    assertThatThrownBy(() -> READER.read(file, images, Optional.empty()))
        .isInstanceOf(UnreadableZipException.class)
        .hasMessageStartingWith(file + ": layer '")
        .hasMessageEndingWith("' is a LocalResponseNormalization, which Skyline does not know");

    Path uneven =
        save(
            chain(
                InputType.convolutional(8, 8, 1),
                new ConvolutionLayer.Builder(2, 2)
                    .nOut(4)
                    .name("even")
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.RELU)
                    .build(),
                output(3)));
    assertThatThrownBy(() -> READER.read(uneven, images, Optional.empty()))
        .hasMessageContaining("layer '0' pads an extent of 8 by 1 in all");

    Path tanh =
        save(
            chain(
                InputType.convolutional(8, 8, 1),
                new ConvolutionLayer.Builder(3, 3)
                    .nOut(4)
                    .name("c")
                    .activation(Activation.TANH)
                    .build(),
                output(3)));
    assertThatThrownBy(() -> READER.read(tanh, images, Optional.empty()))
        .hasMessageContaining("has the activation tanh");
  }

  @Test
  void filesThatAreNoModelsAreTold() throws Exception {
    Examples images = SampleNetworks.images(new Shape(1, 12, 12), 2, 3, 2);
    Path text = Files.writeString(folder.resolve("text.zip"), "no zip at all");
    assertThatThrownBy(() -> READER.read(text, images, Optional.empty()))
        .isInstanceOf(UnreadableZipException.class)
        .hasMessageContaining(text + ": no zip");
    Path normalized = folder.resolve("normalized.zip");
    NormalizerMinMaxScaler scaler = new NormalizerMinMaxScaler();
    scaler.setFeatureStats(Nd4j.zeros(1, 144), Nd4j.ones(1, 144).mul(255));
    ModelSerializer.writeModel(lenet(), normalized.toFile(), false);
    ModelSerializer.addNormalizerToModel(normalized.toFile(), scaler);
    assertThatThrownBy(() -> READER.read(normalized, images, Optional.empty()))
        .hasMessageContaining("it holds a normalizer")
        .hasMessageContaining("--deviation");
    Examples others = SampleNetworks.images(new Shape(1, 9, 12), 2, 3, 2);
    Path file = save(lenet());
    assertThatThrownBy(() -> READER.read(file, others, Optional.empty()))
        .isInstanceOf(UnreadableZipException.class)
        .hasMessageContaining("reshapes 1x9x12 to 1x12x12");
  }
}
