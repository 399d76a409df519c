package io.skyline.worker.cli;

import io.skyline.architecture.Shape;
import io.skyline.image.ImageDecoder;
import io.skyline.image.UnreadableImageException;
import io.skyline.worker.data.Examples;
import java.io.IOException;
import java.nio.file.Path;

/** An image file as a model's input, read just as training images are. */
final class ImageFile {
  private ImageFile() {}

  /**
   * Reads an image, whose label is unknown (0).
   *
   * @throws UnusableFileException if it is no such image, too large, or the model takes neither
   *     grey nor colour
   */
  static Examples read(Path file, Shape input) throws IOException {
    if (input.channels() != 1 && input.channels() != 3) {
      throw new UnusableFileException(
          file
              + ": the model takes "
              + input.channels()
              + " channels; an image file has 1 (grey) or 3 (colour)");
    }
    try {
      return new Examples(input, ImageDecoder.read(file, input), new int[1]);
    } catch (UnreadableImageException e) {
      throw new UnusableFileException(file + ": " + e.getMessage());
    }
  }
}
