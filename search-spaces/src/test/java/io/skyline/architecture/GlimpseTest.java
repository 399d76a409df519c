package io.skyline.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlimpseTest {
  private static final Shape MAP = new Shape(8, 14, 10);

  private static List<Shape> shapes(String text) {
    return Arrays.stream(text.split(" "))
        .map(shape -> Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray())
        .map(extents -> new Shape(extents[0], extents[1], extents[2]))
        .toList();
  }

  @Test
  void keepsTheChannelsOfTheMap() {
    List<Shape> inputs = List.of(MAP, Glimpse.POSITION);
    assertThat(new Glimpse(5, 6).output(inputs)).isEqualTo(new Shape(8, 5, 6));
    assertThat(new Glimpse(14, 10).output(inputs)).isEqualTo(MAP);
  }

  @ParameterizedTest
  @CsvSource({
    "8x14x10, 'reads a map and a position, not [8x14x10]'",
    "8x14x10 2x1x1 2x1x1, 'reads a map and a position, not [8x14x10, 2x1x1, 2x1x1]'",
    "8x14x10 3x1x1, 'needs a position of 2x1x1, not 3x1x1'",
    "8x14x10 2x1x2, 'needs a position of 2x1x1, not 2x1x2'",
    "8x5x10 2x1x1, a window of 6x7 does not fit 8x5x10",
    "8x14x6 2x1x1, a window of 6x7 does not fit 8x14x6"
  })
  void refusesWhatItCannotLookAt(String inputs, String reason) {
    assertThatThrownBy(() -> new Glimpse(6, 7).output(shapes(inputs)))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage(reason);
  }

  @Test
  void needsAWindow() {
    assertThatThrownBy(() -> new Glimpse(0, 4))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("needs a window of at least 1x1, not 0x4");
  }

  @Test
  void aSoftArgmaxReadsOneMapAndGivesAPosition() {
    SoftArgmax layer = new SoftArgmax(1);
    assertThat(layer.output(List.of(new Shape(1, 7, 5)))).isEqualTo(Glimpse.POSITION);
    assertThatThrownBy(() -> layer.output(List.of(MAP)))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("reads one map of scores, not 8x14x10");
    assertThatThrownBy(() -> new SoftArgmax(0))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("needs a positive spread, not 0.0");
  }

  /**
   * Of four cells the first's centre lies at 1/8; a window of half the map has it in its middle.
   */
  @Test
  void placesAreDrawnApartAboutTheMiddle() {
    assertThat(new SoftArgmax(1).place(0, 4)).isCloseTo(0.125, within(1e-12));
    assertThat(new SoftArgmax(2).place(0, 4)).isCloseTo(-0.25, within(1e-12));
    // 100 columns, a window of 50, and a place at column 37.5: from column 12.5 of 50 on
    assertThat(new SoftArgmax(2).place(1, 4)).isCloseTo(12.5 / 50, within(1e-12));
  }
}
