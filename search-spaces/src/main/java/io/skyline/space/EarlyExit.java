package io.skyline.space;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.space.block.Draft;

/**
 * A classifier at an intermediate layer (Teerapittayanon et al. 2016, "BranchyNet"): averages over
 * about {@value #PLACES} places along each axis and a dense layer. Early features do not say much
 * when they are averaged over the whole image, and convolutions of its own would cost what leaving
 * early is to save.
 */
final class EarlyExit {
  private static final int PLACES = 4;

  private EarlyExit() {}

  /** Adds it to the last layer, which the next layer then reads as if nothing had been added. */
  static void lay(Draft draft, String name, int classes) {
    String trunk = draft.last();
    int kernel = kernel(draft);
    if (kernel > 1) {
      draft.add(name + "_pool", new Pooling(Pooling.Kind.AVERAGE, kernel, kernel, 0));
    }
    draft.add(name + "_flat", new Flatten());
    draft.exit(name, new Dense(classes, true));
    draft.from(trunk);
  }

  /** The window that leaves about as many places as wanted along the shorter axis it moves on. */
  private static int kernel(Draft draft) {
    Shape shape = draft.shape();
    int extent =
        draft.windows() == Window.Form.ROW
            ? shape.width()
            : Math.min(shape.height(), shape.width());
    return (int) Math.max(1, Math.ceil((double) extent / PLACES - 0.5));
  }
}
