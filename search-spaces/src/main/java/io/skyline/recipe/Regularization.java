package io.skyline.recipe;

/**
 * What keeps a training from following its examples too closely.
 *
 * @param weightDecay strength on kernels; never on biases or normalizations. An L2 penalty, but
 *     decoupled from the gradient where the optimizer is AdamW
 * @param labelSmoothing share of the target spread over all classes, in [0, 1)
 * @param clipNorm the largest Euclidean norm of the gradient of all weights together, to which a
 *     longer one is scaled down (Pascanu et al. 2013); 0 for no limit
 * @param averaging decay per step of an exponential moving average of the weights and running
 *     statistics, which is then the result of the training (Polyak and Juditsky 1992); 0 for none.
 *     Early steps count more: step t decays by min(averaging, (1 + t) / (10 + t)), t from 0
 * @param groupLasso strength of the penalty on learned group convolutions: the sum, over groups and
 *     inputs, of the Euclidean norm of the weights with which a group reads an input (Huang et al.
 *     2018, section 3.1); 0 for none
 */
public record Regularization(
    double weightDecay,
    double labelSmoothing,
    double clipNorm,
    double averaging,
    double groupLasso) {
  public Regularization {
    TrainingPlan.require(weightDecay >= 0 && weightDecay < 1, "weight_decay", weightDecay);
    TrainingPlan.require(
        labelSmoothing >= 0 && labelSmoothing < 1, "label_smoothing", labelSmoothing);
    TrainingPlan.require(clipNorm >= 0 && clipNorm <= 1e6, "gradient_clip", clipNorm);
    TrainingPlan.require(averaging >= 0 && averaging < 1, "averaging", averaging);
    TrainingPlan.require(groupLasso >= 0 && groupLasso < 1, "group_lasso", groupLasso);
  }

  /** Without a penalty on learned groups. */
  public Regularization(
      double weightDecay, double labelSmoothing, double clipNorm, double averaging) {
    this(weightDecay, labelSmoothing, clipNorm, averaging, 0);
  }

  /** Decay and smoothing, with no limit to gradients and no average. */
  public Regularization(double weightDecay, double labelSmoothing) {
    this(weightDecay, labelSmoothing, 0, 0);
  }
}
