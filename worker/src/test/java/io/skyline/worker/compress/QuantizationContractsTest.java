package io.skyline.worker.compress;

import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Step;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import org.junit.jupiter.api.Nested;

/** What every step keeps, of quantization in each of its forms. */
class QuantizationContractsTest {
  /** Networks whose weights lie where the file can store them: nothing but rounding is left. */
  abstract static class Exact extends CompressionStepContract {
    @Override
    double tolerance() {
      return 1e-3;
    }
  }

  /** Activations are bytes of known ranges, and the trainer can compute with these. */
  abstract static class OfBytes extends CompressionStepContract {
    @Override
    Network asExported(Encoded encoded) {
      return ByteTraining.of(encoded.network(), (Encoding.Int8) encoded.encoding());
    }

    /** A bias that is rounded in the file may push a value to the next byte. */
    @Override
    double tolerance() {
      return 0.02;
    }
  }

  /** Activations are rounded too, as the file alone does it. */
  abstract static class Rounded extends CompressionStepContract {
    @Override
    double tolerance() {
      return 0.08;
    }
  }

  @Nested
  class StaticInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(Precision.INT8);
    }
  }

  @Nested
  class TrainedStaticInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(Precision.INT8, 1);
    }
  }

  @Nested
  class DivergenceCalibratedInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(
          Precision.INT8,
          LayerGrids.all(WeightGrid.INT8_NARROW),
          Calibration.KL_DIVERGENCE,
          true,
          7,
          0);
    }
  }

  @Nested
  class DynamicInt8 extends Rounded {
    @Override
    Step step() {
      return new Quantization(Precision.INT8_DYNAMIC);
    }
  }

  @Nested
  class Int8Weights extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.INT8_WEIGHTS);
    }
  }

  @Nested
  class TrainedInt4 extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.INT4, 1);
    }
  }

  @Nested
  class TrainedTernary extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.TERNARY, 1);
    }
  }

  @Nested
  class Binary extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.BINARY);
    }
  }

  @Nested
  class Mixed extends Exact {
    @Override
    Step step() {
      return SmallFashion.mixed();
    }
  }

  @Nested
  class Mantissa extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.MANTISSA);
    }
  }

  @Nested
  class ScaledXnor extends Rounded {
    @Override
    Step step() {
      return SmallFashion.scaledXnor(1);
    }
  }

  /** Signs of numbers near zero may differ between engines. */
  @Nested
  class Xnor extends Rounded {
    @Override
    Step step() {
      return SmallFashion.xnor(1);
    }
  }
}
