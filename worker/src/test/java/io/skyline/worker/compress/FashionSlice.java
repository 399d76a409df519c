package io.skyline.worker.compress;

import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.network.Normalization;
import java.util.List;

/** Real images for tests: fashion-mini's validation split, 2,000 of them. */
final class FashionSlice {
  static final Normalization NORMALIZATION = new Normalization(List.of(73f), List.of(90f));

  private static final Examples ALL = FashionMini.read("validation");

  private FashionSlice() {}

  static Examples of(int from, int to) {
    return ALL.slice(from, to);
  }
}
