package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import io.skyline.worker.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The artifact {@code checkpoint}: a {@link Checkpoint} in the format of {@link WeightsFile}, with
 * its epochs as a tensor of that name and the loss of each epoch as another.
 */
final class CheckpointFile {
  private static final String EPOCHS = "epochs";
  private static final String LOSSES = "loss_by_epoch";

  private CheckpointFile() {}

  /**
   * What such a file holds.
   *
   * @param losses of the epochs trained, for the card
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  record Content(Checkpoint checkpoint, float[] losses) {}

  static void write(Content content, Path file) throws IOException {
    Map<String, float[]> numbers = new LinkedHashMap<>(content.checkpoint().numbers());
    numbers.put(EPOCHS, new float[] {content.checkpoint().epochs()});
    numbers.put(LOSSES, content.losses());
    WeightsFile.write(numbers, file);
  }

  /**
   * Reads it back.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if the file is anything else
   */
  static Content read(Path file) throws IOException, TaskFailedException {
    Map<String, float[]> numbers = WeightsFile.numbers(file);
    float[] epochs = numbers.remove(EPOCHS);
    float[] losses = numbers.remove(LOSSES);
    if (epochs == null || epochs.length != 1 || losses == null || losses.length != epochs[0]) {
      throw new TaskFailedException(
          FailureKind.BAD_ARTIFACT, "artifact checkpoint: it does not say how far it is trained");
    }
    return new Content(new Checkpoint((int) epochs[0], numbers), losses);
  }
}
