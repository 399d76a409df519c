package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.CosineSchedule;
import io.skyline.worker.train.DivergedException;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingCancelledException;
import io.skyline.worker.train.TrainingProgress;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * The portable reference engine: DL4J trains the graph of the architecture, with the plan's rule,
 * schedule, decay and augmentation; several times slower than the oneDNN engine.
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
      Network network, TrainingPlan plan, Examples training, long seed, TrainingProgress progress) {
    if (plan.epochs() == 0) {
      return network;
    }
    if (training.count() == 0) {
      throw new IllegalArgumentException("there are no examples to train on");
    }
    int batch = Math.min(plan.batch(), training.count());
    Batches batches =
        new Batches(training, network.normalization(), plan.augmentation(), batch, seed);
    Architecture architecture = network.architecture();
    GraphSettings settings =
        GraphSettings.normalised(
            DataType.FLOAT, updater(plan, batches.perEpoch()), plan.weightDecay(), network);
    ComputationGraph graph = Dl4jGraphs.build(architecture, network.weights(), settings);
    try {
      float[] images = new float[Math.toIntExact(batch * architecture.input().elements())];
      int[] labels = new int[batch];
      for (int epoch = 0; epoch < plan.epochs(); epoch++) {
        batches.shuffle(epoch);
        for (int index = 0; index < batches.perEpoch(); index++) {
          batches.fill(index, images, labels);
          float[][] targets =
              training.isRegression()
                  ? numbers(batches, index, batch)
                  : targets(plan, architecture, labels);
          double loss = step(graph, architecture, images, targets);
          if (!progress.afterBatch(epoch, plan.epochs(), index, batches.perEpoch(), loss)) {
            throw new TrainingCancelledException(
                "training was cancelled in epoch " + (epoch + 1) + " of " + plan.epochs());
          }
        }
      }
      return new Network(
          architecture, finite(Dl4jGraphs.read(graph, architecture)), network.normalization());
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  private static IUpdater updater(TrainingPlan plan, int stepsPerEpoch) {
    PlanSchedule schedule = new PlanSchedule(CosineSchedule.of(plan, stepsPerEpoch));
    return switch (plan.optimizer()) {
      case ADAM -> Adam.builder().learningRateSchedule(schedule).build();
      case SGD -> Nesterovs.builder().momentum(MOMENTUM).learningRateSchedule(schedule).build();
    };
  }

  /** One update. Returns the batch's mean loss before it, without the decay's penalty. */
  private static double step(
      ComputationGraph graph, Architecture architecture, float[] images, float[][] targets) {
    double penalty = graph.calcRegularizationScore(true);
    try (INDArray inputs = batch(architecture, images);
        INDArray outputs = Nd4j.createFromArray(targets)) {
      graph.fit(new INDArray[] {inputs}, new INDArray[] {outputs});
    }
    double loss = graph.score() - penalty;
    if (!Double.isFinite(loss)) {
      throw new DivergedException("the loss is " + loss);
    }
    return loss;
  }

  private static float[][] targets(TrainingPlan plan, Architecture architecture, int[] labels) {
    double smoothing = plan.labelSmoothing();
    float[][] targets = new float[labels.length][architecture.classes()];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(targets[i], (float) (smoothing / architecture.classes()));
      targets[i][labels[i]] += (float) (1 - smoothing);
    }
    return targets;
  }

  private static float[][] numbers(Batches batches, int index, int batch) {
    float[] numbers = new float[batch];
    batches.fillTargets(index, numbers);
    float[][] targets = new float[batch][];
    Arrays.setAll(targets, i -> new float[] {numbers[i]});
    return targets;
  }

  private static INDArray batch(Architecture architecture, float[] images) {
    long channels = architecture.input().channels();
    long height = architecture.input().height();
    long width = architecture.input().width();
    long count = images.length / architecture.input().elements();
    return Nd4j.create(images, new long[] {count, channels, height, width}, 'c');
  }

  private static void unscale(Normalization.Target scale, float[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = scale.raw(outputs[i]);
    }
  }

  private static Weights finite(Weights weights) {
    weights
        .tensors()
        .forEach(
            (key, values) -> {
              for (float value : values) {
                if (!Float.isFinite(value)) {
                  throw new DivergedException(key + " holds " + value);
                }
              }
            });
    return weights;
  }

  @Override
  public float[] predict(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    int classes = architecture.classes();
    float[] probabilities = new float[Math.multiplyExact(examples.count(), classes)];
    Batches batches =
        new Batches(examples, network.normalization(), Augmentation.NONE, PREDICTION_BATCH, 0);
    int stride = Math.toIntExact(architecture.input().elements());
    float[] images = new float[PREDICTION_BATCH * stride];
    ComputationGraph graph = Dl4jGraphs.over(network, DataType.FLOAT);
    try {
      for (int from = 0; from < examples.count(); from += PREDICTION_BATCH) {
        int count = batches.fillInOrder(from, images);
        try (INDArray inputs = batch(architecture, Arrays.copyOf(images, count * stride));
            INDArray outputs = graph.outputSingle(inputs)) {
          float[] rows = outputs.dup('c').data().asFloat();
          System.arraycopy(rows, 0, probabilities, from * classes, rows.length);
        }
      }
    } finally {
      Dl4jGraphs.release(graph);
    }
    network.normalization().target().ifPresent(scale -> unscale(scale, probabilities));
    return probabilities;
  }
}
