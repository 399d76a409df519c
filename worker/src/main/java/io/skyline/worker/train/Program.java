package io.skyline.worker.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;

/** A list of steps, planned once and run for every batch. */
final class Program {
  private final List<String> names = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();
  private final List<String> kernels = new ArrayList<>();

  /**
   * Adds a oneDNN primitive.
   *
   * @throws UnsupportedOperationException if oneDNN would run its slow reference code
   */
  void add(String name, primitive_desc_base description, primitive kernel, IntMemoryMap arguments) {
    add(name, description, kernel, List.of(arguments));
  }

  /** Adds a oneDNN primitive that is run on one example after the other. */
  void add(
      String name,
      primitive_desc_base description,
      primitive kernel,
      List<IntMemoryMap> arguments) {
    if (OneDnn.isReference(description)) {
      throw new UnsupportedOperationException(
          name
              + " would run on oneDNN's slow reference code ("
              + description.impl_info_str().getString()
              + "); another channel count or kernel size avoids it");
    }
    kernels.add(name + " " + description.impl_info_str().getString());
    add(
        name,
        () -> {
          for (IntMemoryMap one : arguments) {
            kernel.execute(OneDnn.STREAM, one);
          }
        });
  }

  /** Adds a step in Java. */
  void add(String name, Runnable step) {
    names.add(name);
    steps.add(step);
  }

  void run() {
    for (Runnable step : steps) {
      step.run();
    }
  }

  /** Runs and adds each step's nanoseconds to {@code nanos}. */
  void profile(java.util.Map<String, Long> nanos) {
    for (int i = 0; i < steps.size(); i++) {
      long start = System.nanoTime();
      steps.get(i).run();
      nanos.merge(names.get(i), System.nanoTime() - start, Long::sum);
    }
  }

  /** The steps with such names by themselves, in order, for measuring. */
  Program only(Predicate<String> named) {
    Program part = new Program();
    for (int i = 0; i < steps.size(); i++) {
      if (named.test(names.get(i))) {
        part.add(names.get(i), steps.get(i));
      }
    }
    return part;
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Each primitive's name and the implementation oneDNN chose. */
  List<String> kernels() {
    return kernels;
  }
}
