package io.skyline.space;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import java.util.Collections;
import java.util.List;

/** Data cards to decode with. */
final class Fashion {
  static final DataCard CARD = card(new Shape(1, 28, 28));

  private Fashion() {}

  static DataCard card(Shape input) {
    Split none = new Split("0", 1, 1);
    List<Float> ones = Collections.nCopies(input.channels(), 1f);
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    return new DataCard("test", input, classes, ones, ones, none, none, none);
  }
}
