package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.FakeQuantization;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.Epochs;
import io.skyline.worker.train.LearningRate;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import io.skyline.worker.train.WeightRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * The portable reference engine: DL4J trains the graph of the architecture, with the plan's rule,
 * schedule, decay, augmentation and early end; several times slower than the oneDNN engine.
 *
 * <p>Two of DL4J's conventions stay: running variances are those of the batch divided by n, not n -
 * 1, and Nesterov's velocity holds earlier gradients at the learning rates of their own steps.
 */
public final class Dl4jEngine implements Engine {
  private static final int PREDICTION_BATCH = 64;
  private static final double MOMENTUM = 0.9;

  /** An engine on one thread; ND4J's other users in this JVM get one thread too. */
  public Dl4jEngine() {
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    Nd4j.getEnvironment().setMaxThreads(1);
  }

  @Override
  public Network train(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      WeightRule rule,
      long seed,
      TrainingProgress progress) {
    if (plan.epochs() == 0) {
      return network;
    }
    refuse(plan, network, rule);
    requireLayers(network.architecture());
    // dropout layers draw from ND4J's one generator
    Nd4j.getRandom().setSeed(seed);
    Epochs epochs = new Epochs(this, network, plan, training, seed, progress);
    GraphSettings settings =
        GraphSettings.normalised(
            DataType.FLOAT,
            updater(plan, epochs.perEpoch()),
            plan.regularization().weightDecay(),
            network);
    if (plan.optimizer() == Optimizer.ADAMW) {
      settings = settings.withDecoupledDecay();
    }
    ComputationGraph graph = Dl4jGraphs.build(network.architecture(), network.weights(), settings);
    try {
      TargetRows targets = TargetRows.of(plan, epochs.training().examples(), network);
      return epochs.run(new GraphLearner(graph, network.architecture(), targets));
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  /** A config cannot ask for these; see EngineLimits in the coordinator. */
  private static void refuse(TrainingPlan plan, Network network, WeightRule rule) {
    boolean holds =
        network.weights().tensors().entrySet().stream()
            .anyMatch(tensor -> rule.of(tensor.getKey(), tensor.getValue()) != null);
    if (holds) {
      throw new UnsupportedOperationException("DL4J holds no weights while it trains");
    }
    if (plan.distillation().isPresent()
        || !(plan.classWeights() instanceof ClassWeights.Equal)
        || plan.regularization().clipNorm() > 0
        || plan.regularization().averaging() > 0) {
      throw new UnsupportedOperationException(
          "DL4J distils not, weighs no classes, clips no global norm and averages no weights");
    }
  }

  private static void requireLayers(Architecture architecture) {
    for (Node node : architecture.nodes()) {
      if (node.layer() instanceof LearnedGroupConvolution) {
        throw new UnsupportedOperationException(
            node.name()
                + ": DL4J cannot learn groups; train with engine onednn, or with condensation 1");
      }
      if (node.layer() instanceof FakeQuantization) {
        throw new UnsupportedOperationException(node.name() + ": DL4J does not train on bytes");
      }
      if (node.layer() instanceof DropPath path && path.rate() > 0) {
        throw new UnsupportedOperationException(
            node.name()
                + ": DL4J has no stochastic depth; train with engine onednn, or without drop_path");
      }
    }
  }

  private static IUpdater updater(TrainingPlan plan, int stepsPerEpoch) {
    PlanSchedule schedule = new PlanSchedule(LearningRate.of(plan, stepsPerEpoch));
    return switch (plan.optimizer()) {
      case ADAM, ADAMW -> Adam.builder().learningRateSchedule(schedule).build();
      case SGD -> Nesterovs.builder().momentum(MOMENTUM).learningRateSchedule(schedule).build();
    };
  }

  private static void unscale(Normalization.Target scale, float[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = scale.raw(outputs[i]);
    }
  }

  @Override
  public float[] predict(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    int classes = architecture.classes();
    int length = Math.multiplyExact(examples.count(), classes);
    List<float[]> outputs = architecture.outputs().stream().map(o -> new float[length]).toList();
    Batches batches =
        new Batches(examples, network.normalization(), Augmentation.NONE, PREDICTION_BATCH, 0);
    int stride = Math.toIntExact(architecture.input().elements());
    float[] images = new float[PREDICTION_BATCH * stride];
    ComputationGraph graph = Dl4jGraphs.over(network, DataType.FLOAT);
    try {
      for (int from = 0; from < examples.count(); from += PREDICTION_BATCH) {
        int count = batches.fillInOrder(from, images);
        try (INDArray inputs =
            GraphLearner.batch(architecture, Arrays.copyOf(images, count * stride))) {
          INDArray[] given = graph.output(inputs);
          for (int i = 0; i < given.length; i++) {
            float[] rows = given[i].dup('c').data().asFloat();
            System.arraycopy(rows, 0, outputs.get(i), from * classes, rows.length);
            given[i].close();
          }
        }
      }
    } finally {
      Dl4jGraphs.release(graph);
    }
    Optional<Normalization.Target> target = network.normalization().target();
    target.ifPresent(scale -> unscale(scale, outputs.get(0)));
    return network.exits().answers(outputs, classes);
  }
}
