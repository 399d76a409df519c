package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.util.Optional;

/** What the outputs of a batch are compared with, and by which loss. */
interface BatchLoss {
  /** Takes the targets of a batch. */
  void take(TrainingBatch batch);

  /**
   * The mean loss of the batch whose targets were taken last.
   *
   * @param outputs batch x outputs of the network
   * @param gradient filled with the derivative of the loss by each output
   */
  double loss(float[] outputs, float[] gradient);

  /**
   * The loss of a plan: over classes, or over numbers if the network predicts one; joint over all
   * outputs if the network has exits.
   */
  static BatchLoss of(TrainingPlan plan, TrainingSet set, Network network, int batch) {
    Optional<Normalization.Target> scale = network.normalization().target();
    if (scale.isPresent()) {
      return new NumberTargets(set.examples().targets(), scale.get(), batch);
    }
    int classes = network.architecture().classes();
    int outputs = network.architecture().outputs().size();
    BatchLoss one = new ClassTargets(plan, set, network.normalization(), classes, batch);
    return outputs == 1 ? one : new JointLoss(one, batch * classes);
  }
}
