package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** 200 trials of 512 images over ever new shapes in one process, as a search makes them. */
final class TrialSoak {
  private TrialSoak() {}

  /** Prints the resident KiB after 20 and after 200 trials. */
  public static void main(String[] arguments) throws IOException {
    OneDnnEngine engine = new OneDnnEngine();
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 1; trial <= 200; trial++) {
      Architecture architecture = MobileNets.draw(random, new Shape(1, 28, 28), 10);
      Network start = engine.fresh(architecture, Nets.normalization(architecture.input()), trial);
      Examples examples = Nets.examples(architecture.input(), 512, 10, trial);
      Network trained =
          engine.train(start, TrainingPlan.standard(1), examples, trial, TrainingProgress.SILENT);
      engine.predict(trained, examples);
      if (trial == 20 || trial == 200) {
        System.out.println(residentKib());
      }
    }
  }

  static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }
}
