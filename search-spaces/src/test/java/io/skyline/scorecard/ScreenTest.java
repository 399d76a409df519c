package io.skyline.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static Scorecard scores(double parameters, double synflow) {
    return Scorecard.EMPTY
        .with(Metric.PARAMETERS, Measurement.exact(parameters))
        .with(Metric.SYNFLOW, Measurement.exact(synflow));
  }

  @Test
  void aRankIsTheShareBelowWithEqualOnesByHalf() {
    Screen screen = new Screen(Map.of(Metric.PARAMETERS, List.of(1., 2., 2., 9.)), 0);

    assertThat(screen.rank(scores(0, 0))).isEqualTo(0);
    assertThat(screen.rank(scores(2, 0))).isEqualTo(.5);
    assertThat(screen.rank(scores(3, 0))).isEqualTo(.75);
    assertThat(screen.rank(scores(10, 0))).isEqualTo(1);
  }

  @Test
  void ranksOfSeveralScoresAreAveraged() {
    Screen screen =
        new Screen(
            Map.of(Metric.PARAMETERS, List.of(1., 2.), Metric.SYNFLOW, List.of(-5., -4.)), .5);

    assertThat(screen.rank(scores(3, -6))).isEqualTo(.5);
    assertThat(screen.passes(scores(3, -6))).isTrue();
    assertThat(screen.passes(scores(1.5, -6))).isFalse();
  }

  @Test
  void anOpenScreenLetsEverythingPass() {
    assertThat(Screen.OPEN.passes(Scorecard.EMPTY)).isTrue();
  }
}
