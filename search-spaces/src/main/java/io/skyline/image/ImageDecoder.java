package io.skyline.image;

import io.skyline.architecture.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads PNG, JPEG, GIF and BMP files into raw network inputs: one channel (luminance) or three
 * (red, green, blue), each pixel the mean of the part of the image that it covers.
 *
 * <p>What a header claims is checked before anything is allocated for it, so that a small file
 * cannot fill the memory.
 */
public final class ImageDecoder {
  private static final long MOST_PIXELS = 100_000_000;
  private static final long MOST_BYTES = 256L << 20;

  /** A larger image is thinned out while it is read. */
  private static final long MOST_DECODED = 16_000_000;

  private ImageDecoder() {}

  /**
   * Reads an image.
   *
   * @param shape 1 or 3 channels, and the size to bring the image to
   * @return channel by channel, row by row, unsigned bytes
   * @throws UnreadableImageException if it is no such image, damaged, or too large
   * @throws IOException if the file cannot be read
   */
  public static byte[] read(Path file, Shape shape) throws IOException, UnreadableImageException {
    if (Files.size(file) > MOST_BYTES) {
      throw new UnreadableImageException(
          "a file of %,d bytes; the limit is %,d".formatted(Files.size(file), MOST_BYTES), null);
    }
    BufferedImage image = decode(file);
    byte[] pixels = new byte[Math.toIntExact(shape.elements())];
    int plane = shape.height() * shape.width();
    for (int c = 0; c < shape.channels(); c++) {
      float[][] channel = channel(image, shape.channels() == 1 ? -1 : c);
      for (int i = 0; i < plane; i++) {
        double value = average(channel, i / shape.width(), i % shape.width(), shape);
        pixels[c * plane + i] = (byte) Math.round(value);
      }
    }
    return pixels;
  }

  private static BufferedImage decode(Path file) throws IOException, UnreadableImageException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers =
          in == null ? Collections.emptyIterator() : ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnreadableImageException("not a PNG, JPEG, GIF or BMP image", null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return reader.read(0, thinned(reader));
      } catch (IOException | RuntimeException e) {
        throw new UnreadableImageException("a damaged image: " + reason(e), e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static ImageReadParam thinned(ImageReader reader)
      throws IOException, UnreadableImageException {
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    if (width * height > MOST_PIXELS) {
      throw new UnreadableImageException(
          "an image of %,d pixels; the limit is %,d".formatted(width * height, MOST_PIXELS), null);
    }
    int every = (int) Math.ceil(Math.sqrt((double) width * height / MOST_DECODED));
    ImageReadParam parameters = reader.getDefaultReadParam();
    if (every > 1) {
      parameters.setSourceSubsampling(every, every, 0, 0);
    }
    return parameters;
  }

  /** Red, green, blue (0, 1, 2) or luminance (-1) of every pixel, row by row; 0..255. */
  private static float[][] channel(BufferedImage image, int colour) {
    float[][] values = new float[image.getHeight()][image.getWidth()];
    Raster raster = image.getRaster();
    // getRGB takes stored grey for linear light and would brighten it
    double greatest = greatestGrey(image.getColorModel());
    for (int y = 0; y < values.length; y++) {
      for (int x = 0; x < values[y].length; x++) {
        values[y][x] =
            (float)
                (greatest > 0
                    ? raster.getSample(x, y, 0) * 255.0 / greatest
                    : part(image.getRGB(x, y), colour));
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

  /** The mean of the part of the image that one pixel of the input covers. */
  private static double average(float[][] values, int row, int column, Shape shape) {
    double tall = (double) values.length / shape.height();
    double wide = (double) values[0].length / shape.width();
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
