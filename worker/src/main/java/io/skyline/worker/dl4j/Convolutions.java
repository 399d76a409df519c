package io.skyline.worker.dl4j;

import io.skyline.architecture.Convolution;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.nd4j.linalg.activations.Activation;

/** Convolution records as DL4J layers. */
final class Convolutions {
  private Convolutions() {}

  /** One group of a convolution. */
  static ConvolutionLayer ordinary(Convolution conv, int outputs, int inputs) {
    return new ConvolutionLayer.Builder(conv.rows().kernel(), conv.columns().kernel())
        .stride(conv.rows().stride(), conv.columns().stride())
        .padding(conv.rows().padding(), conv.columns().padding())
        .dilation(conv.rows().dilation(), conv.columns().dilation())
        .nIn(inputs)
        .nOut(outputs)
        .hasBias(conv.bias())
        .dataFormat(CNN2DFormat.NCHW)
        .activation(Activation.IDENTITY)
        .build();
  }

  /**
   * Whether DL4J's depthwise layer can be it. Where a kernel has gaps, that layer computes the
   * padding of one without, and fails (1.0.0-M2.1 on float32), so such a convolution is put
   * together from its groups.
   */
  static boolean isDepthwise(Convolution conv, int inputs) {
    return conv.groups() > 1 && conv.groups() == inputs && conv.dilation() == 1;
  }

  static DepthwiseConvolution2D depthwise(Convolution conv, int inputs) {
    DepthwiseConvolution2D layer =
        new DepthwiseConvolution2D.Builder()
            .kernelSize(conv.rows().kernel(), conv.columns().kernel())
            .stride(conv.rows().stride(), conv.columns().stride())
            .padding(conv.rows().padding(), conv.columns().padding())
            .dilation(conv.rows().dilation(), conv.columns().dilation())
            .depthMultiplier(conv.outputs() / inputs)
            .nIn(inputs)
            .nOut(conv.outputs())
            .hasBias(conv.bias())
            .activation(Activation.IDENTITY)
            .build();
    layer.setCnn2dDataFormat(CNN2DFormat.NCHW);
    return layer;
  }
}
