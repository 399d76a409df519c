package io.skyline.space.block;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Pooling.Kind;
import java.util.List;

/**
 * Equal blocks in a row, the first of which may halve the extent.
 *
 * @param block that repeats
 * @param depth how often
 * @param downsample {@code none}; {@code stride}: the first block strides; {@code max}, {@code
 *     average}: a pooling by 2 before it
 * @param settings of the blocks
 */
public record Stage(Block block, int depth, String downsample, BlockSettings settings) {
  /** The words of downsampling. */
  public static final List<String> DOWNSAMPLE = List.of("none", "stride", "max", "average");

  /** Adds it to a network; all its layers' names begin with {@code name}. */
  public void lay(Draft draft, String name) {
    switch (downsample) {
      case "max" -> draft.add(name + "_pool", new Pooling(Kind.MAX, 2, 2, 0));
      case "average" -> draft.add(name + "_pool", new Pooling(Kind.AVERAGE, 2, 2, 0));
      default -> {}
    }
    for (int i = 1; i <= depth; i++) {
      boolean strides = i == 1 && downsample.equals("stride");
      block.lay(draft, name + "_" + i, settings, strides ? 2 : 1);
    }
    if (block.grows()) {
      draft.activated(
          name + "_out", Convolution.pointwise(settings.width()), settings.activation());
    }
  }
}
