package io.skyline.worker.trial;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Probabilities by name: in memory while there is room, and in a folder that several processes may
 * share, of which the newest files stay. A file is floats, big-endian, and their CRC-32.
 */
final class TeacherAnswers {
  private static final int MOST_FILES = 64;
  private static final String ENDING = ".probabilities";

  private final Path folder;
  private final Map<String, SoftReference<float[]>> memory = new HashMap<>();

  TeacherAnswers(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** What is kept under a name, if it has that length; else nothing. */
  float[] find(String name, int length) throws IOException {
    SoftReference<float[]> warm = memory.get(name);
    float[] known = warm == null ? null : warm.get();
    if (known == null) {
      known = read(folder.resolve(name + ENDING));
      memory.put(name, new SoftReference<>(known));
    }
    return known.length == length ? known : new float[0];
  }

  /** Nothing, too, if the file is damaged. */
  private static float[] read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new float[0];
    }
    int length = bytes.length - Long.BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != checksum(bytes, length)) {
      return new float[0];
    }
    float[] values = new float[length / Float.BYTES];
    ByteBuffer.wrap(bytes, 0, length).asFloatBuffer().get(values);
    return values;
  }

  /** Keeps values under a name of letters, digits and dashes. */
  void keep(String name, float[] values) throws IOException {
    int length = values.length * Float.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(length + Long.BYTES);
    bytes.asFloatBuffer().put(values);
    bytes.putLong(length, checksum(bytes.array(), length));
    Path temporary = Files.createTempFile(folder, "answers", ".part");
    try {
      Files.write(temporary, bytes.array());
      Files.move(temporary, folder.resolve(name + ENDING), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    memory.put(name, new SoftReference<>(values));
    removeOldest();
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }

  private void removeOldest() throws IOException {
    List<Aged> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        files.add(new Aged(path, modified(path)));
      }
    }
    files.sort(Comparator.comparingLong(Aged::millis).reversed());
    for (int i = MOST_FILES; i < files.size(); i++) {
      Files.deleteIfExists(files.get(i).path());
    }
  }

  /** Long ago, if another process has just removed the file. */
  private static long modified(Path path) throws IOException {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private record Aged(Path path, long millis) {}
}
