package io.skyline.worker.cli;

import io.skyline.worker.train.BenchmarkNets;
import io.skyline.worker.train.TrainingBenchmark;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmark training}: images trained per second of CPU time, as CSV. */
@Command(
    name = "training",
    mixinStandardHelpOptions = true,
    description = "Measures training speed on fixed networks; prints net,images_per_cpu_second.")
public final class BenchmarkTrainingCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nets",
      split = ",",
      defaultValue = "a,b,c",
      paramLabel = "NET",
      description =
          "a: 2-conv CNN on 28x28x1; b: 4 depthwise-separable blocks on 32x32x3; c: ResNet-20;"
              + " shuffle: ShuffleNet-v2 units; squeeze: Fire modules. Default: ${DEFAULT-VALUE}")
  private List<String> nets = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "8",
      description = "How long to train each network. Default: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Images a step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Override
  public Integer call() {
    CommandSpec command = java.util.Objects.requireNonNull(spec);
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new ParameterException(
          command.commandLine(), "--seconds must lie between 0 and 3600, not " + seconds);
    }
    if (batch < 1 || batch > 4096) {
      throw new ParameterException(
          command.commandLine(), "--batch must lie between 1 and 4096, not " + batch);
    }
    List<BenchmarkNets> chosen = new ArrayList<>();
    for (String net : nets) {
      chosen.add(parse(command, net));
    }
    PrintWriter out = command.commandLine().getOut();
    out.println("net,images_per_cpu_second");
    for (BenchmarkNets net : chosen) {
      double speed = new TrainingBenchmark(net.architecture(), batch).imagesPerCpuSecond(seconds);
      out.println(String.format(Locale.ROOT, "%s,%.1f", net.word(), speed));
      out.flush();
    }
    return 0;
  }

  private static String known() {
    return Arrays.stream(BenchmarkNets.values())
        .map(BenchmarkNets::word)
        .collect(Collectors.joining(", "));
  }

  private static BenchmarkNets parse(CommandSpec command, String word) {
    for (BenchmarkNets net : BenchmarkNets.values()) {
      if (net.word().equals(word)) {
        return net;
      }
    }
    throw new ParameterException(
        command.commandLine(), "--nets knows " + known() + ", not '" + word + "'");
  }
}
