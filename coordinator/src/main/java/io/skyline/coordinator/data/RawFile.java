package io.skyline.coordinator.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A data file before it is understood.
 *
 * @param name as the user named it
 * @param bytes its size
 */
record RawFile(String name, long bytes, Opening opening) {
  /** Opens the file at its first byte. */
  interface Opening {
    InputStream open() throws IOException;
  }

  /** A file on disk. */
  static RawFile of(Path path) {
    String name = path.toString();
    try {
      if (Files.isDirectory(path)) {
        throw new DataException(name + " is a folder", "name the file in it");
      }
      return new RawFile(name, Files.size(path), () -> Files.newInputStream(path));
    } catch (NoSuchFileException e) {
      throw new DataException(
          "there is no file " + name, "correct the path, which starts at the config's folder");
    } catch (IOException e) {
      throw new DataException(name, "byte 0", "it cannot be read (" + e + ")", CHECK_ACCESS, e);
    }
  }

  /** A file that Skyline brings along. */
  static RawFile embedded(String resource) {
    try (InputStream in = RawFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the distribution lacks " + resource);
      }
      byte[] content = in.readAllBytes();
      return new RawFile(resource, content.length, () -> new ByteArrayInputStream(content));
    } catch (IOException e) {
      throw new DataException(resource, "byte 0", e.toString(), "install Skyline again", e);
    }
  }

  static final String CHECK_ACCESS = "check its access rights and its disk";
}
