package io.skyline.coordinator;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import java.util.List;

/** Cards of data that is not there. */
public final class TestData {
  private TestData() {}

  /** Grey square images of two classes; nobody reads them. */
  public static DataCard images(int side) {
    return images(side, '0');
  }

  /**
   * The same.
   *
   * @param digit of which the splits' digest is made, so that there is other data
   */
  public static DataCard images(int side, char digit) {
    Split split = new Split(String.valueOf(digit).repeat(64), 1, 1);
    return new DataCard(
        "data",
        new Shape(1, side, side),
        List.of("a", "b"),
        List.of(0f),
        List.of(1f),
        split,
        split,
        split);
  }

  /** Two by two pixels, and a file of its own for each split: aa..., bb... and cc.... */
  public static DataCard tiny() {
    return new DataCard(
        "tiny",
        new Shape(1, 2, 2),
        List.of("cat", "dog"),
        List.of(1f),
        List.of(2f),
        new Split("a".repeat(64), 8, 9),
        new Split("b".repeat(64), 8, 9),
        new Split("c".repeat(64), 8, 9));
  }
}
