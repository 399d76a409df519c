package io.skyline.worker.train;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the ops whose names match a regular expression and prints them as a table.
 *
 * <p>The figure is the CPU time of the best iteration: on a shared machine the mean tells of the
 * neighbours. All ops run in this one process, as they do in a trainer.
 */
public final class OpReport {
  private static final int ITERATIONS = 5;
  private static final TimeValue ITERATION = TimeValue.milliseconds(200);

  private OpReport() {}

  public static void main(String[] arguments) throws RunnerException {
    String wanted = arguments.length > 0 ? arguments[0] : ".*";
    double peak = MachineBenchmark.MATMUL_FLOPS / best(run(MachineBenchmark.class, "matmul"));
    double stream = MachineBenchmark.COPIED_BYTES / best(run(MachineBenchmark.class, "copy"));
    System.out.printf(
        Locale.ROOT,
        "ceilings on one thread: matmul 1024 %.0f GFLOP/s, copy of 8 MiB %.1f GB/s%n%n"
            + "| op | pass | ms | GFLOP/s | GB/s | of the nearer ceiling |%n"
            + "|---|---|---|---|---|---|%n",
        peak,
        stream);
    for (OpCase op : OpCase.values()) {
      if (op.name().toLowerCase(Locale.ROOT).matches(wanted.toLowerCase(Locale.ROOT))) {
        for (boolean backward : new boolean[] {false, true}) {
          String pass = backward ? "backward" : "forward";
          double nanos = best(run(OpBenchmark.class, pass, op));
          double flops = op.flops(backward) / nanos;
          double bytes = op.bytes(backward) / nanos;
          print(op.text(), pass, nanos, flops, bytes, peak, stream);
        }
      }
    }
    if ("adam".matches(wanted.toLowerCase(Locale.ROOT))) {
      double nanos = best(run(UpdateBenchmark.class, "adam"));
      print(
          "adam, 272474 weights", "update", nanos, 0, UpdateBenchmark.BYTES / nanos, peak, stream);
    }
  }

  private static void print(
      String op,
      String pass,
      double nanos,
      double flops,
      double bytes,
      double peak,
      double stream) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f | %s | %.1f | %.0f %% |%n",
        op,
        pass,
        nanos / 1e6,
        flops == 0 ? "" : String.format(Locale.ROOT, "%.0f", flops),
        bytes,
        100 * Math.max(flops / peak, bytes / stream));
  }

  private static Collection<RunResult> run(Class<?> benchmark, String method, OpCase... op)
      throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(benchmark.getName() + "\\." + method + "$")
        .forks(0)
        .warmupIterations(2)
        .warmupTime(ITERATION)
        .measurementIterations(ITERATIONS)
        .measurementTime(ITERATION)
        .addProfiler(CpuTime.class)
        .verbosity(VerboseMode.SILENT);
    if (op.length > 0) {
      options.param("op", op[0].name());
    }
    return new Runner(options.build()).run();
  }

  /** Nanoseconds of CPU time an operation. */
  private static double best(Collection<RunResult> results) {
    double best = Double.MAX_VALUE;
    for (BenchmarkResult run : results.iterator().next().getBenchmarkResults()) {
      for (IterationResult iteration : run.getIterationResults()) {
        best = Math.min(best, iteration.getSecondaryResults().get(CpuTime.LABEL).getScore());
      }
    }
    return best;
  }
}
