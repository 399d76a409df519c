package io.skyline.worker.cli;

import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A PNG, JPEG, GIF or BMP as a model's input: colour becomes luminance or grey is repeated, as the
 * model's channels ask, and the image is averaged to the model's size.
 */
final class ImageFile {
  private static final long MOST_PIXELS = 64_000_000;

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
    BufferedImage image = decode(file);
    byte[] pixels = new byte[Math.toIntExact(input.elements())];
    int plane = input.height() * input.width();
    for (int c = 0; c < input.channels(); c++) {
      double[][] channel = channel(image, input.channels() == 1 ? -1 : c);
      for (int i = 0; i < plane; i++) {
        double value = average(channel, i / input.width(), i % input.width(), input);
        pixels[c * plane + i] = (byte) Math.round(value);
      }
    }
    return new Examples(input, pixels, new int[1]);
  }

  private static BufferedImage decode(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers =
          in == null ? java.util.Collections.emptyIterator() : ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnusableFileException(
            file + ": not an image that Skyline reads; give a PNG, JPEG, GIF, BMP or IDX file");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long count = (long) reader.getWidth(0) * reader.getHeight(0);
        if (count > MOST_PIXELS) {
          throw new UnusableFileException(
              file + ": an image of " + count + " pixels; the limit is " + MOST_PIXELS);
        }
        return reader.read(0);
      } catch (IOException | RuntimeException e) {
        if (e instanceof UnusableFileException bad) {
          throw bad;
        }
        throw new UnusableFileException(file + ": a damaged image: " + e.getMessage());
      } finally {
        reader.dispose();
      }
    }
  }

  /** Red, green, blue (0, 1, 2) or luminance (-1) of every pixel, row by row; 0..255. */
  private static double[][] channel(BufferedImage image, int colour) {
    double[][] values = new double[image.getHeight()][image.getWidth()];
    Raster raster = image.getRaster();
    // getRGB takes stored grey for linear light and would brighten it
    double greatest = greatestGrey(image.getColorModel());
    for (int y = 0; y < values.length; y++) {
      for (int x = 0; x < values[y].length; x++) {
        values[y][x] =
            greatest > 0
                ? raster.getSample(x, y, 0) * 255.0 / greatest
                : part(image.getRGB(x, y), colour);
      }
    }
    return values;
  }

  /** The sample of white in a grey image, or 0 for any other. */
  private static double greatestGrey(ColorModel model) {
    return model instanceof ComponentColorModel && model.getNumColorComponents() == 1
        ? (1L << model.getComponentSize(0)) - 1
        : 0;
  }

  private static double part(int rgb, int colour) {
    int red = rgb >> 16 & 0xff;
    int green = rgb >> 8 & 0xff;
    int blue = rgb & 0xff;
    return switch (colour) {
      case 0 -> red;
      case 1 -> green;
      case 2 -> blue;
      default -> 0.299 * red + 0.587 * green + 0.114 * blue; // ITU-R BT.601
    };
  }

  /** The mean of the part of the image that one pixel of the model's input covers. */
  private static double average(double[][] values, int row, int column, Shape input) {
    double tall = (double) values.length / input.height();
    double wide = (double) values[0].length / input.width();
    double sum = 0;
    for (int y = (int) (row * tall); y < Math.min(values.length, (row + 1) * tall); y++) {
      double share = overlap(y, row * tall, tall);
      for (int x = (int) (column * wide);
          x < Math.min(values[0].length, (column + 1) * wide);
          x++) {
        sum += share * overlap(x, column * wide, wide) * values[y][x];
      }
    }
    return Math.min(Math.max(sum / (tall * wide), 0), 255);
  }

  private static double overlap(int pixel, double from, double extent) {
    return Math.max(0, Math.min(pixel + 1.0, from + extent) - Math.max(pixel, from));
  }
}
