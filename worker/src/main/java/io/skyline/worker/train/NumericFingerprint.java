package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A digest of the weights after a tiny training: equal on two machines exactly if they round alike,
 * so that either may evaluate any trial of a deterministic search.
 *
 * <p>The network has every kind of kernel a search space of ours leads to.
 */
public final class NumericFingerprint {
  private static final Shape IMAGE = new Shape(1, 12, 12);
  private static final int EXAMPLES = 16;

  private NumericFingerprint() {}

  /** Trains for two steps with the engine; the first 16 hexadecimal digits of the SHA-256. */
  public static String of(Engine engine) {
    SplittableRandom random = new SplittableRandom(20);
    byte[] pixels = new byte[Math.toIntExact(EXAMPLES * IMAGE.elements())];
    random.nextBytes(pixels);
    int[] labels = random.ints(EXAMPLES, 0, 4).toArray();
    Normalization normalization = new Normalization(List.of(100f), List.of(60f));
    Network start = engine.fresh(architecture(), normalization, 7);
    TrainingPlan plan = TrainingPlan.standard(2).withLearningRate(0.01);
    Network trained =
        engine.train(start, plan, new Examples(IMAGE, pixels, labels), 1, TrainingProgress.SILENT);
    MessageDigest digest = sha256();
    for (float[] tensor : trained.weights().tensors().values()) {
      ByteBuffer bytes = ByteBuffer.allocate(tensor.length * Float.BYTES);
      bytes.asFloatBuffer().put(tensor);
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Architecture architecture() {
    Layer[] layers = {
      Convolution.same(16, 3, 1),
      new BatchNorm(),
      new Activation(Function.RELU),
      new Pooling(Pooling.Kind.MAX, 2, 2, 0),
      Convolution.pointwise(32),
      new BatchNorm(),
      new Activation(Function.RELU6),
      Convolution.depthwise(32, 3, 2),
      new BatchNorm(),
      Convolution.depthwise(32, 5, 1),
      new BatchNorm(),
      Convolution.same(16, 5, 1),
      new BatchNorm(),
      Convolution.same(16, 9, 1).with(Window.Form.ROW),
      new BatchNorm(),
      Convolution.depthwise(16, 9, 1).with(Window.Form.ROW),
      new GlobalAveragePool(),
      new Dense(4, true)
    };
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      String name = "layer" + nodes.size();
      nodes.add(new Node(name, layer, List.of(last)));
      last = name;
    }
    return new Architecture(IMAGE, nodes);
  }
}
