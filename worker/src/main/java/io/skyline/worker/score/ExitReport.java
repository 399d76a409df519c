package io.skyline.worker.score;

import io.skyline.worker.data.Examples;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * How examples leave a network.
 *
 * @param outputs each exit in its order, and the last node
 */
public record ExitReport(List<Output> outputs) {
  public ExitReport {
    outputs = List.copyOf(outputs);
  }

  /**
   * One place where examples leave.
   *
   * @param name of the node
   * @param threshold that the largest probability must reach; infinite at a closed exit, 0 at the
   *     last node
   * @param share of the examples that leave here
   * @param accuracy of those that leave here; 0 if none does
   * @param accuracyOfAll if every example left here
   */
  public record Output(
      String name, float threshold, double share, double accuracy, double accuracyOfAll) {}

  /**
   * Counts.
   *
   * @param said what {@link ExitOutputs} gave for these examples
   */
  public static ExitReport of(Network network, List<float[]> said, Examples examples) {
    ExitPolicy policy = network.exits();
    int classes = network.architecture().classes();
    int[] leaving = policy.leaving(said, classes);
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      int left = 0;
      int right = 0;
      for (int example = 0; example < leaving.length; example++) {
        if (leaving[example] == i) {
          left++;
          right +=
              ExitPolicy.answer(said.get(i), example, classes) == examples.labels()[example]
                  ? 1
                  : 0;
        }
      }
      outputs.add(
          new Output(
              network.architecture().outputs().get(i),
              i < said.size() - 1 ? policy.thresholds().get(i) : 0,
              (double) left / leaving.length,
              left == 0 ? 0 : (double) right / left,
              Quality.leading(said.get(i), examples)));
    }
    return new ExitReport(outputs);
  }
}
