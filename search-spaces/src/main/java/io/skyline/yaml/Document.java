package io.skyline.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads YAML written by strangers: at most 1 MiB of UTF-8, one document, bounded nesting and
 * aliases, no tags. Nothing is ever constructed from it but {@link Value}s.
 */
public final class Document {
  /** The most bytes a document may have. */
  public static final int LARGEST = 1 << 20;

  private Document() {}

  /**
   * Reads a file.
   *
   * @throws InvalidDocumentException if it is missing, unreadable or not sound YAML
   */
  public static Value read(Path file) {
    String name = file.toString();
    try (InputStream in = Files.newInputStream(file)) {
      return read(in.readNBytes(LARGEST + 1), name);
    } catch (NoSuchFileException e) {
      throw new InvalidDocumentException(
          new Place(name, 0, 0), "there is no such file", "Check the path.");
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
      throw new InvalidDocumentException(
          new Place(name, 0, 0), "cannot be read: " + reason, "Name a readable YAML file.");
    }
  }

  /**
   * Reads bytes.
   *
   * @param source stands for the file's name in problems
   * @throws InvalidDocumentException if they are not sound YAML
   */
  public static Value read(byte[] bytes, String source) {
    if (bytes.length > LARGEST) {
      throw new InvalidDocumentException(
          new Place(source, 1, 1),
          "the file is larger than 1 MiB",
          "A config is a few kilobytes; is this the right file?");
    }
    return TreeBuilder.build(decode(bytes, source), source);
  }

  private static String decode(byte[] bytes, String source) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String decoded = out.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) decoded.chars().filter(c -> c == '\n').count();
      int column = decoded.length() - decoded.lastIndexOf('\n');
      throw new InvalidDocumentException(
          new Place(source, line, column),
          "byte %d (0x%02x) is not UTF-8".formatted(in.position(), bytes[in.position()]),
          "Save the file as UTF-8.");
    }
    return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
  }
}
