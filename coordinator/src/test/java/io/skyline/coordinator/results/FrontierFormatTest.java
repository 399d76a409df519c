package io.skyline.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierFormatTest {
  private static SearchState measured() {
    return new Searches(Metric.ACCURACY, Metric.LATENCY)
        .scored(.8, 20_480, 150)
        .scored(.885, 100_000.5, 1234.5)
        .scored(.7, 50_000, 900)
        .state();
  }

  private static SearchState deterministic() {
    return new Searches(Metric.ACCURACY, Metric.SIZE)
        .scored(.8, 20_480, 150)
        .failed(FailureKind.DIVERGED, "loss is NaN, after \"warm-up\"")
        .scored(.885, 100_000, 1234.5)
        .scored(.7, 30_000, 9)
        .state();
  }

  @Test
  void tableAlignsReadableNumbersTheBestFirst() {
    assertThat(FrontierFormat.TABLE.text(measured()))
        .isEqualTo(
            """
            trial  accuracy   latency      size
                2   88.50 %  ~1.23 ms  97.7 KiB
                1   80.00 %    150 us    20 KiB
            ~ measured on a busy machine: low confidence
            """);
  }

  @Test
  void csvHoldsDeterministicColumnsOnlyIfEveryObjectiveIs() {
    assertThat(FrontierFormat.CSV.text(deterministic()))
        .isEqualTo(
            """
            trial,accuracy,test_accuracy,peak_memory_bytes,size_bytes,download_bytes,macs,parameters,energy_uJ,uncompressed_bytes,genome
            3,0.885,,,100000,,,,,,kernel=3 width=24
            1,0.8,,,20480,,,,,,kernel=3 width=8
            """);
  }

  @Test
  void csvHoldsMeasuredColumnsIfAnObjectiveIsMeasured() {
    assertThat(FrontierFormat.CSV.text(measured()))
        .isEqualTo(
            """
            trial,accuracy,test_accuracy,latency_us,peak_memory_bytes,size_bytes,download_bytes,macs,parameters,energy_uJ,uncompressed_bytes,train_seconds_s,genome
            2,0.885,,1234.5,,100000.5,,,,,,,kernel=3 width=16
            1,0.8,,150,,20480,,,,,,,kernel=3 width=8
            """);
  }

  @Test
  void jsonTellsToleranceConfidenceAndInputs() throws Exception {
    JsonNode json = new ObjectMapper().readTree(FrontierFormat.JSON.text(measured()));

    assertThat(json.at("/search").asText()).isEqualTo("demo-1");
    assertThat(json.at("/data/validation").asText()).isEqualTo("b".repeat(64));
    assertThat(json.at("/objectives/1").asText()).isEqualTo("minimize latency");
    assertThat(json.at("/trials/scored").asInt()).isEqualTo(3);
    assertThat(json.at("/frontier")).hasSize(2);
    JsonNode latency = json.at("/frontier/0/scorecard/latency");
    assertThat(latency.at("/value").asDouble()).isEqualTo(1234.5);
    assertThat(latency.at("/unit").asText()).isEqualTo("microseconds");
    assertThat(latency.at("/tolerance").asDouble()).isEqualTo(.02);
    assertThat(latency.at("/confident").asBoolean()).isFalse();
  }

  @Test
  void anEmptyFrontierShowsTheNearestMisses() throws Exception {
    Scorecard exact = Scorecard.EMPTY.with(Metric.SIZE, Measurement.exact(11_264));
    SearchState state =
        new Searches(List.of(Searches.sizeAtMost(10_240)), Metric.ACCURACY, Metric.SIZE)
            .rejected(exact)
            .state();

    assertThat(FrontierFormat.TABLE.text(state))
        .isEqualTo(
            """
            no model yet: no trial kept every constraint
            nearest misses:
              10 % over: size 11 KiB, limit 10 KiB
                kernel=5 width=96
            """);
    JsonNode json = new ObjectMapper().readTree(FrontierFormat.JSON.text(state));
    assertThat(json.at("/frontier")).isEmpty();
    assertThat(json.at("/nearest_misses/0/violation").asDouble()).isEqualTo(.1);
  }

  @Test
  void anEmptyFrontierOfFailuresSaysWhatFailed() {
    SearchState state =
        new Searches(Metric.ACCURACY, Metric.SIZE).failed(FailureKind.DIVERGED, "slow").state();

    assertThat(FrontierFormat.TABLE.text(state))
        .isEqualTo("no model yet: no trial was scored: 1 failed, the last one as DIVERGED: slow\n");
  }

  @Test
  void throughputStandsWhereItWasMeasured() throws Exception {
    Searches search = new Searches(Metric.ACCURACY, Metric.LATENCY).scored(.8, 2048, 150).closed();
    assertThat(Csv.trials(search.state())).doesNotContain("throughput");

    SearchState tuned = search.measured(1, 150, 48_123.4).state();
    List<String> csv = FrontierFormat.CSV.text(tuned).lines().toList();
    assertThat(csv.get(0)).contains(",latency_us,throughput_examples_per_s,");
    assertThat(csv.get(1)).contains(",150,48123.4,");
    assertThat(FrontierFormat.TABLE.text(tuned)).contains("throughput", "48.1 k/s");
    JsonNode json = new ObjectMapper().readTree(FrontierFormat.JSON.text(tuned));
    JsonNode throughput = json.at("/frontier/0/scorecard/throughput");
    assertThat(throughput.at("/value").asDouble()).isEqualTo(48_123.4);
    assertThat(throughput.at("/unit").asText()).isEqualTo("examples_per_second");
    assertThat(throughput.at("/tolerance").asDouble()).isEqualTo(.04);
  }

  @Test
  void trialsTableShowsEveryTrialWithTheHypervolumeSoFar() {
    List<String> lines = Csv.trials(deterministic()).lines().toList();

    assertThat(lines.get(0))
        .startsWith("trial,step,status,accuracy,latency_us,")
        .endsWith(",hypervolume,frontier,failure,genome");
    assertThat(lines).hasSize(5);
    assertThat(lines.get(1)).startsWith("1,1,scored,0.8,").contains(",true,,kernel=3 width=8");
    assertThat(lines.get(2))
        .endsWith(",false,\"DIVERGED: loss is NaN, after \"\"warm-up\"\"\",kernel=3 width=16");
    assertThat(lines.get(4)).contains(",false,,kernel=3 width=32");
    List<Double> volumes =
        lines.stream()
            .skip(1)
            .filter(l -> !l.contains("failed"))
            .map(l -> l.split(",")[13])
            .map(Double::parseDouble)
            .toList();
    assertThat(volumes.get(0)).isPositive();
    assertThat(volumes.get(1)).isGreaterThan(volumes.get(0));
    assertThat(volumes.get(2)).isEqualTo(volumes.get(1));
    assertThat(volumes.get(2))
        .isEqualTo(Double.parseDouble(MetricText.exact(deterministic().hypervolume())));
  }
}
