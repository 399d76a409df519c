package io.skyline.worker.dl4j;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** DL4J's configurations of the layers that need no network around them. */
final class PlainLayers {
  private PlainLayers() {}

  static LossLayer probabilities(LossMCXENT loss) {
    return new LossLayer.Builder(loss)
        .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
        .build();
  }

  static LossLayer number() {
    return new LossLayer.Builder(LossFunction.MSE)
        .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
        .build();
  }

  /** A cross-entropy times a weight, which DL4J wants to have for each class. */
  static LossMCXENT crossEntropy(int classes, double weight) {
    return weight == 1 ? new LossMCXENT() : new LossMCXENT(Nd4j.valueArrayOf(1, classes, weight));
  }

  static SubsamplingLayer pooling(Pooling pooling) {
    PoolingType type =
        switch (pooling.kind()) {
          case MAX -> PoolingType.MAX;
          case AVERAGE -> PoolingType.AVG;
        };
    return new SubsamplingLayer.Builder(type)
        .kernelSize(pooling.rows().kernel(), pooling.columns().kernel())
        .stride(pooling.rows().stride(), pooling.columns().stride())
        .padding(pooling.rows().padding(), pooling.columns().padding())
        .build();
  }

  static DenseLayer dense(Dense dense, int inputs) {
    return new DenseLayer.Builder()
        .nIn(inputs)
        .nOut(dense.outputs())
        .hasBias(dense.bias())
        .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
        .build();
  }

  static BatchNormalization normalization(int channels) {
    return new BatchNormalization.Builder()
        .nIn(channels)
        .nOut(channels)
        .eps(GraphBuilder.EPSILON)
        .decay(GraphBuilder.STATISTICS_DECAY)
        .useLogStd(false)
        .build();
  }

  static PreprocessorVertex flattening(Shape shape) {
    return new PreprocessorVertex(
        new CnnToFeedForwardPreProcessor(shape.height(), shape.width(), shape.channels()));
  }
}
