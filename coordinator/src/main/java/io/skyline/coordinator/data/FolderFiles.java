package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import io.skyline.image.ImageDecoder;
import io.skyline.image.UnreadableImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What lies in folders, in an order that is the same everywhere. */
final class FolderFiles {
  private static final int DEPTH = 8;

  private FolderFiles() {}

  /**
   * Regular files in a folder and those below it, by path; hidden ones are left out, and links to
   * folders are not followed, so that what is read lies in the folder.
   *
   * @param depth levels of folders to look into
   */
  static List<Path> in(Path folder, int depth) {
    try (Stream<Path> paths = Files.walk(folder, depth)) {
      return paths
          .filter(path -> !path.equals(folder) && !isHidden(folder.relativize(path)))
          .filter(Files::isRegularFile)
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * The PNG and JPEG files in a folder and those below it, by path, each brought to a shape.
   *
   * @param bad is told of those that cannot be read
   */
  static void images(Path folder, Shape shape, BadExamples bad, Consumer<byte[]> to) {
    for (Path file : in(folder, DEPTH)) {
      if (!isImage(file)) {
        continue;
      }
      try {
        to.accept(ImageDecoder.read(file, shape));
      } catch (UnreadableImageException e) {
        bad.found(
            new DataException(
                file + ": " + e.getMessage(), "replace or remove it, or write skip_bad: true"));
      } catch (IOException e) {
        bad.found(new DataException(file + " cannot be read (" + e + ")", RawFile.CHECK_ACCESS));
      }
    }
  }

  private static boolean isImage(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  /** Folders directly in a folder, by name, but hidden ones. */
  static List<Path> folders(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> Files.isDirectory(path) && !isHidden(folder.relativize(path)))
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isHidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static DataException unreadable(Path folder, Exception e) {
    return new DataException(
        "the folder " + folder + " cannot be read (" + e.getMessage() + ")", RawFile.CHECK_ACCESS);
  }
}
