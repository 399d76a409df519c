package io.skyline.worker.dl4j;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's layers as records of ours: the way back from {@link Convolutions} and {@link PlainLayers}.
 *
 * @param vertex as errors call the layer
 * @param parameters of the layer, by DL4J's names
 */
record LayerReader(String vertex, Map<String, INDArray> parameters) {
  private static final Map<IActivation, Optional<Function>> FUNCTIONS =
      Map.of(
          org.nd4j.linalg.activations.Activation.IDENTITY.getActivationFunction(),
          Optional.empty(),
          org.nd4j.linalg.activations.Activation.RELU.getActivationFunction(),
          Optional.of(Function.RELU),
          org.nd4j.linalg.activations.Activation.RELU6.getActivationFunction(),
          Optional.of(Function.RELU6),
          org.nd4j.linalg.activations.Activation.SIGMOID.getActivationFunction(),
          Optional.of(Function.SIGMOID),
          ChannelVertices.MAGNITUDE,
          Optional.of(Function.ABS));

  /** An error that names the layer. */
  UnreadableZipException refuse(String reason) {
    return new UnreadableZipException("layer '" + vertex + "' " + reason);
  }

  /** An error that names the layer and its class. */
  UnreadableZipException unknown(Object layer) {
    return refuse("is a " + layer.getClass().getSimpleName() + ", which Skyline does not know");
  }

  /** What comes after a layer; empty for identity. */
  Optional<Activation> activation(IActivation function) {
    Optional<Function> known = FUNCTIONS.get(function);
    if (known == null) {
      throw refuse("has the activation " + function + "; Skyline knows relu, relu6 and sigmoid");
    }
    return known.map(Activation::new);
  }

  static boolean isConvolution(Layer layer) {
    return layer.getClass() == ConvolutionLayer.class
        || layer.getClass() == Convolution2D.class
        || layer.getClass() == DepthwiseConvolution2D.class;
  }

  Convolution convolution(ConvolutionLayer layer, Shape in) {
    requireChannelsFirst(layer.getCnn2dDataFormat());
    Window[] windows =
        windows(
            in,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    Window.Form form = form(windows);
    Window window = windows[form == Window.Form.COLUMN ? 0 : 1];
    int groups = layer instanceof DepthwiseConvolution2D ? in.channels() : 1;
    try {
      return new Convolution(
          Math.toIntExact(layer.getNOut()),
          window.kernel(),
          window.stride(),
          window.padding(),
          window.dilation(),
          groups,
          layer.hasBias(),
          form);
    } catch (InvalidArchitectureException e) {
      throw refuse("cannot be: " + e.getMessage());
    }
  }

  /** A convolution's kernel in our order. */
  float[] kernel(ConvolutionLayer layer) {
    INDArray values = parameter("W");
    return layer instanceof DepthwiseConvolution2D
        ? plain(values, Tensors.Order.DEPTHWISE)
        : plain(values, Tensors.Order.PLAIN);
  }

  /** A dense layer's kernel in our order. */
  float[] denseKernel() {
    return plain(parameter("W"), Tensors.Order.TRANSPOSED);
  }

  /** A layer's biases; empty if it has none. */
  float[] bias(boolean present) {
    return present ? plain(parameter("b"), Tensors.Order.PLAIN) : new float[0];
  }

  Pooling pooling(SubsamplingLayer layer, Shape in) {
    requireChannelsFirst(layer.getCnn2dDataFormat());
    int[] none = {1, 1};
    int[] dilation = layer.getDilation() == null ? none : layer.getDilation();
    if (dilation[0] != 1 || dilation[1] != 1) {
      throw refuse("pools with gaps, which Skyline does not know");
    }
    Window[] windows =
        windows(
            in,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            none,
            layer.getConvolutionMode());
    Pooling.Kind kind =
        switch (layer.getPoolingType()) {
          case MAX -> Pooling.Kind.MAX;
          case AVG -> Pooling.Kind.AVERAGE;
          default -> throw refuse("pools by " + layer.getPoolingType() + ", not MAX or AVG");
        };
    Window.Form form = form(windows);
    Window window = windows[form == Window.Form.COLUMN ? 0 : 1];
    return new Pooling(kind, window.kernel(), window.stride(), window.padding(), form);
  }

  /** Gamma, beta, mean and variance, the variance such that {@link BatchNorm#EPSILON} fits. */
  float[][] statistics(BatchNormalization layer) {
    float[] mean = plain(parameter("mean"), Tensors.Order.PLAIN);
    float[] variance = variance(layer);
    float[] gamma = new float[mean.length];
    float[] beta = new float[mean.length];
    java.util.Arrays.fill(gamma, (float) layer.getGamma());
    java.util.Arrays.fill(beta, (float) layer.getBeta());
    if (!layer.isLockGammaBeta()) {
      gamma = plain(parameter("gamma"), Tensors.Order.PLAIN);
      beta = plain(parameter("beta"), Tensors.Order.PLAIN);
    }
    for (int i = 0; i < variance.length; i++) {
      variance[i] = (float) (variance[i] + layer.getEps() - BatchNorm.EPSILON);
      if (!(variance[i] + BatchNorm.EPSILON > 0)) {
        throw refuse("has a variance of " + variance[i]);
      }
    }
    return new float[][] {gamma, beta, mean, variance};
  }

  /** What a frozen normalization of the input subtracts and divides by. */
  Normalization normalization(BatchNormalization layer) {
    float[][] statistics = statistics(layer);
    List<Float> means = new ArrayList<>();
    List<Float> deviations = new ArrayList<>();
    for (int i = 0; i < statistics[0].length; i++) {
      double deviation =
          Math.sqrt((double) statistics[3][i] + BatchNorm.EPSILON) / statistics[0][i];
      if (!(deviation > 0) || !Double.isFinite(deviation)) {
        throw refuse("normalises channel " + i + " by a scale of " + statistics[0][i]);
      }
      deviations.add((float) deviation);
      means.add((float) (statistics[2][i] - statistics[1][i] * deviation));
    }
    return new Normalization(means, deviations);
  }

  private float[] variance(BatchNormalization layer) {
    if (!layer.isUseLogStd()) {
      return plain(parameter("var"), Tensors.Order.PLAIN);
    }
    float[] logarithms = plain(parameter("log10stdev"), Tensors.Order.PLAIN);
    for (int i = 0; i < logarithms.length; i++) {
      logarithms[i] = (float) Math.pow(10, 2 * logarithms[i]);
    }
    return logarithms;
  }

  private INDArray parameter(String key) {
    INDArray values = parameters.get(key);
    if (values == null) {
      throw refuse("has no parameter " + key);
    }
    return values;
  }

  private float[] plain(INDArray values, Tensors.Order order) {
    return new Tensors(vertex, "", order, values.shape()).toPlain(values).toFloatVector();
  }

  private void requireChannelsFirst(CNN2DFormat format) {
    if (format != CNN2DFormat.NCHW) {
      throw refuse("has its channels last (" + format + "); Skyline reads NCHW only");
    }
  }

  private Window[] windows(
      Shape in, int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
    int[] extent = {in.height(), in.width()};
    Window[] windows = new Window[2];
    for (int axis = 0; axis < 2; axis++) {
      int covered = (kernel[axis] - 1) * dilation[axis] + 1;
      int before =
          switch (mode) {
            case Truncate, Strict -> padding[axis];
            case Same -> samePadding(extent[axis], covered, stride[axis]);
            default -> throw refuse("has the convolution mode " + mode);
          };
      try {
        windows[axis] = new Window(kernel[axis], stride[axis], before, dilation[axis]);
      } catch (InvalidArchitectureException e) {
        throw refuse("cannot be: " + e.getMessage());
      }
    }
    return windows;
  }

  private int samePadding(int extent, int covered, int stride) {
    int positions = (extent + stride - 1) / stride;
    int padding = Math.max(0, (positions - 1) * stride + covered - extent);
    if (padding % 2 != 0) {
      throw refuse(
          "pads an extent of %d by %d in all, more on one side than on the other (Same)"
              .formatted(extent, padding));
    }
    return padding / 2;
  }

  private Window.Form form(Window[] windows) {
    if (windows[0].equals(windows[1])) {
      return Window.Form.SQUARE;
    }
    Window point = new Window(1, 1, 0, 1);
    if (windows[0].equals(point)) {
      return Window.Form.ROW;
    }
    if (windows[1].equals(point)) {
      return Window.Form.COLUMN;
    }
    throw refuse("has other windows along the height than along the width");
  }
}
