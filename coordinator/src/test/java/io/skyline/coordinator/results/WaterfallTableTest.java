package io.skyline.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaterfallTableTest {
  @TempDir Path folder;

  private String table(String card) throws Exception {
    return WaterfallTable.of(Files.writeString(folder.resolve("card.json"), card));
  }

  @Test
  void showsEachStepAndWhatAllOfThemGained() throws Exception {
    String card =
        """
        {"trial": 7, "genome": "a=1", "recipe": "pruning(0.5), quantization(int8)",
         "waterfall": [
          {"step": "trained", "accuracy": {"value": 0.91}, "size": {"value": 40960},
           "latency": {"value": 120, "confident": true}},
          {"step": "pruning(0.5)", "accuracy": {"value": 0.9}, "size": {"value": 20480},
           "latency": {"value": 70, "confident": false}},
          {"step": "quantization(int8)", "accuracy": {"value": 0.8975}, "size": {"value": 5120},
           "latency": {"value": 30, "confident": true}}]}
        """;
    assertThat(table(card))
        .isEqualTo(
            """
            trial 7: a=1
            recipe: pruning(0.5), quantization(int8)
                         after      accuracy    size  latency
                       trained       91.00 %  40 KiB   120 us
                  pruning(0.5)       90.00 %  20 KiB   ~70 us
            quantization(int8)       89.75 %   5 KiB    30 us
                        in all  -1.25 points  / 8.00   / 4.00
            """);
  }

  @Test
  void saysWhatIsNotMeasuredBeforePublication() throws Exception {
    String card =
        """
        {"trial": 3, "genome": "a=2", "recipe": "quantization(fp16)",
         "waterfall": [
          {"step": "trained", "macs": {"value": 1000}},
          {"step": "quantization(fp16)", "accuracy": {"value": 0.5}, "size": {"value": 512},
           "macs": {"value": 1000}}]}
        """;
    assertThat(table(card))
        .contains("quantization(fp16)   50.00 %  512 B     1 k")
        .endsWith("quality, size and latency in between are measured when a model is published\n");
  }

  @Test
  void aModelWithoutARecipeHasOneRow() throws Exception {
    String card =
        """
        {"trial": 3, "genome": "a=2", "recipe": "none",
         "scorecard": {"accuracy": {"value": 0.5}, "size": {"value": 512}}}
        """;
    assertThat(table(card)).contains("nothing was done").contains("trained   50.00 %  512 B");
    assertThat(table(card)).doesNotContain("fastest");
  }

  @Test
  void saysHowTheModelRunsFastest() throws Exception {
    String card =
        """
        {"trial": 3, "genome": "a=2", "recipe": "none",
         "scorecard": {"accuracy": {"value": 0.5}},
         "runtime": {"threads": 1, "batch": 16, "streams": 2, "cores": 2,
          "throughput": {"value": 26144.7, "unit": "examples/s", "confident": false},
          "tried": [{"threads": 1}, {"threads": 1}, {"threads": 2}]}}
        """;
    assertThat(table(card))
        .endsWith(
            "fastest on 2 cores: ~26.1 k/s with 1 thread, batch 16, 2 streams (of 3 settings"
                + " tried)\n");
  }
}
