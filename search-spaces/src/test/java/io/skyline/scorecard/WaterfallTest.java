package io.skyline.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.skyline.scorecard.Waterfall.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaterfallTest {
  private static Scorecard card(double accuracy, double size) {
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(accuracy))
        .with(Metric.SIZE, Measurement.exact(size));
  }

  @Test
  void theLastLineIsWhatAllStepsDid() {
    Scorecard doubtful = card(0.8975, 5120).with(Metric.LATENCY, new Measurement(30, 0.1, false));
    Waterfall waterfall =
        new Waterfall(
            List.of(new Stage("trained", card(0.91, 40960)), new Stage("quantization", doubtful)));
    assertThat(waterfall.text())
        .isEqualTo(
            """
                   after      accuracy    size  latency
                 trained       91.00 %  40 KiB        \s
            quantization       89.75 %   5 KiB   ~30 us
                  in all  -1.25 points  / 8.00        \s
            """);
    assertThat(waterfall.hasEverywhere(Metric.SIZE)).isTrue();
    assertThat(waterfall.hasEverywhere(Metric.LATENCY)).isFalse();
  }

  @Test
  void aSingleStageHasNoEffect() {
    Waterfall waterfall = new Waterfall(List.of(new Stage("trained", card(0.91, 40960))));
    assertThat(waterfall.text()).doesNotContain("in all").hasLineCount(2);
    assertThatIllegalArgumentException().isThrownBy(() -> new Waterfall(List.of()));
  }

  @Test
  void theFastestSettingIsOneLine() {
    FastestSetting setting =
        new FastestSetting(2, 1, 16, 2, 14, new Measurement(26_000, 0.05, true));
    assertThat(setting.text())
        .isEqualTo(
            "fastest on 2 cores: 26 k/s with 1 thread, batch 16, 2 streams (of 14 settings tried)");
  }
}
