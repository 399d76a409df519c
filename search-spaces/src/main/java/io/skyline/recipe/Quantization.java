package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stores, and perhaps computes, the network at a lower precision.
 *
 * @param precision how
 * @param layers which weights lie on which grid, where they do
 * @param calibration of activations, where they are bytes of a fixed range
 * @param biasCorrection whether biases take up how far rounded weights move each channel's mean
 *     (Nagel et al. 2019, section 4.2)
 * @param mantissaBits that weights keep, of 23, where mantissas are rounded
 * @param awareEpochs passes over the training data on rounded weights before they are stored
 * @param inputScales whether signs of inputs are weighed by the mean magnitude of the inputs in
 *     each window, where layers read signs (Rastegari et al. 2016, section 3.2)
 */
public record Quantization(
    Precision precision,
    LayerGrids layers,
    Calibration calibration,
    boolean biasCorrection,
    int mantissaBits,
    int awareEpochs,
    boolean inputScales)
    implements Step {
  /** As many as bfloat16 has. */
  public static final int USUAL_MANTISSA_BITS = 7;

  /** Fewer bits than float32's. */
  public static final int MOST_MANTISSA_BITS = 22;

  public Quantization {
    TrainingPlan.require(awareEpochs >= 0, "aware_epochs", awareEpochs);
    TrainingPlan.require(
        mantissaBits >= 1 && mantissaBits <= MOST_MANTISSA_BITS, "mantissa_bits", mantissaBits);
    if (precision.hasGrids() == layers.parts().isEmpty()) {
      throw new IllegalArgumentException(precision.word() + " weights lie on " + layers);
    }
    if (awareEpochs > 0 && !precision.hasGrids()) {
      throw new IllegalArgumentException("no training is aware of " + precision.word());
    }
    if (awareEpochs == 0 && precision == Precision.XNOR) {
      throw new IllegalArgumentException("xnor needs aware_epochs: it changes what layers read");
    }
    if (inputScales && precision != Precision.XNOR) {
      throw new IllegalArgumentException("layers of " + precision.word() + " read no signs");
    }
  }

  /**
   * After training, calibrated by extremes.
   *
   * @param precision not mixed, whose parts must be named, nor one that needs training
   */
  public Quantization(Precision precision) {
    this(precision, 0);
  }

  /** Without scales of inputs. */
  public Quantization(
      Precision precision,
      LayerGrids layers,
      Calibration calibration,
      boolean biasCorrection,
      int mantissaBits,
      int awareEpochs) {
    this(precision, layers, calibration, biasCorrection, mantissaBits, awareEpochs, false);
  }

  /** Calibrated by extremes. */
  public Quantization(Precision precision, int awareEpochs) {
    this(
        precision,
        precision.grid().map(LayerGrids::all).orElse(LayerGrids.none()),
        Calibration.MIN_MAX,
        false,
        USUAL_MANTISSA_BITS,
        awareEpochs);
  }

  /** The grids of a network's kernels by the names of their layers; none for those of floats. */
  public Map<String, WeightGrid> grids(Architecture network) {
    Map<String, WeightGrid> grids = new LinkedHashMap<>(layers.of(network));
    if (precision == Precision.INT8_DYNAMIC) {
      for (Node node : network.nodes()) {
        if (node.layer() instanceof Dense) {
          grids.put(node.name(), WeightGrid.INT8_NARROW);
        }
      }
    }
    grids.values().removeIf(grid -> grid == WeightGrid.FP32);
    return grids;
  }

  /**
   * In XNOR-Net's form, a normalization and a sign before each layer of two-valued weights and, if
   * wanted, behind it a product with the scales of its inputs.
   */
  @Override
  public Architecture deployed(Architecture network) {
    if (precision != Precision.XNOR) {
      return network;
    }
    Map<String, WeightGrid> grids = grids(network);
    XnorForm form = new XnorForm(network, inputScales);
    for (Node node : network.nodes()) {
      form.add(node, grids.get(node.name()) == WeightGrid.BINARY);
    }
    return form.network();
  }

  @Override
  public StepKind kind() {
    return StepKind.QUANTIZATION;
  }

  @Override
  public int epochs() {
    return awareEpochs;
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder(precision.word()).append(layers.text());
    if (precision == Precision.MANTISSA) {
      text.append(", ").append(mantissaBits).append(" bits");
    }
    if (calibration != Calibration.MIN_MAX) {
      text.append(", ").append(calibration.word());
    }
    if (inputScales) {
      text.append(", input scales");
    }
    if (biasCorrection) {
      text.append(", bias correction");
    }
    if (awareEpochs > 0) {
      text.append(", ").append(awareEpochs).append(" epochs");
    }
    return "quantization(" + text + ")";
  }
}
