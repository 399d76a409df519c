package io.skyline.architecture;

import java.util.List;

/**
 * The learned group convolution of CondenseNet (Huang et al. 2018, section 3.1): a 1x1 convolution
 * whose filters stand in groups, each of which learns in training which inputs it needs. Training
 * starts with all of them and ends with {@link #kept} inputs a group; several groups may keep the
 * same input, and an input that no group keeps is not read any more.
 *
 * <p>It ships as an index layer and an ordinary grouped convolution: see {@link CondensedForm}.
 *
 * @param outputs output channels; {@code outputs / groups} filters in a row are a group
 * @param groups of filters
 * @param condensation each group keeps one of so many inputs. Where it equals {@code groups}, the
 *     index layer gives as many channels as it reads and the kernel has as many numbers as that of
 *     a convolution in so many given groups; {@code groups / condensation} times as many channels
 *     otherwise
 */
public record LearnedGroupConvolution(int outputs, int groups, int condensation) implements Layer {
  public LearnedGroupConvolution {
    if (outputs < 1 || groups < 1 || outputs % groups != 0) {
      throw new InvalidArchitectureException(
          outputs + " output channels cannot be split into " + groups + " groups");
    }
    if (condensation < 2) {
      throw new InvalidArchitectureException(
          "keeps one of two or more inputs, not one of " + condensation);
    }
  }

  /** Inputs that each group keeps, of so many. */
  public int kept(int inputs) {
    return inputs / condensation;
  }

  /** What training starts with: the ordinary convolution over all inputs. */
  public Convolution uncondensed() {
    return Convolution.pointwise(outputs);
  }

  /** What ships behind the index layer. */
  public Convolution condensed() {
    return Convolution.grouped(outputs, 1, 1, groups);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    if (in.channels() % condensation != 0) {
      throw new InvalidArchitectureException(
          "cannot keep one of " + condensation + " of " + in.channels() + " input channels");
    }
    return uncondensed().output(inputs);
  }

  /** The kernel over all inputs, of which training leaves the kept ones alone other than zero. */
  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return uncondensed().parameters(inputs);
  }
}
