package io.skyline.worker.compress;

import io.skyline.worker.train.TensorRule;
import io.skyline.worker.train.WeightRule;
import org.jspecify.annotations.Nullable;

/** What fine-tuning must keep of a compressed network, which shows in its weights. */
public enum Hold implements WeightRule {
  /** Nothing: all weights are free. */
  NOTHING {
    @Override
    public @Nullable TensorRule of(String key, float[] start) {
      return null;
    }
  },
  /** Weights of kernels that are zero stay zero. */
  ZEROS {
    @Override
    public @Nullable TensorRule of(String key, float[] start) {
      return key.endsWith(KERNEL) ? new KeptZeros(start) : null;
    }
  },
  /** Equal numbers of a kernel or bias stay equal, zeros zero. */
  VALUES {
    @Override
    public @Nullable TensorRule of(String key, float[] start) {
      return key.endsWith(KERNEL) || key.endsWith(BIAS) ? new SharedValues(start) : null;
    }
  };

  private static final String KERNEL = ".kernel";
  private static final String BIAS = ".bias";
}
