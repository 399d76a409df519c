package io.skyline.coordinator.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV (RFC 4180) in UTF-8, plain or gzipped, record by record: fields may be quoted, and
 * quoted fields may hold separators, quotes (doubled) and line ends.
 */
public final class CsvReader implements AutoCloseable {
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int MOST_FIELDS = 1 << 14;

  private final RawFile file;
  private final char separator;
  private final BufferedReader in;
  private long line = 1;
  private long recordLine = 1;
  private final List<Integer> columns = new ArrayList<>();

  /** A file on disk. */
  public CsvReader(Path file, char separator) {
    this(RawFile.of(file), separator);
  }

  CsvReader(RawFile file, char separator) {
    this.file = file;
    this.separator = separator;
    try {
      InputStream raw = new BufferedInputStream(file.opening().open(), 1 << 16);
      raw.mark(2);
      boolean packed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      InputStream content = packed ? new GZIPInputStream(raw, 1 << 16) : raw;
      this.in =
          new BufferedReader(
              new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
      skipByteOrderMark();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void skipByteOrderMark() throws IOException {
    in.mark(1);
    if (in.read() != 0xfeff) {
      in.reset();
    }
  }

  /** The line that the last record began on. */
  public long line() {
    return recordLine;
  }

  /**
   * The column that a field of the last record began in, from 1; of a field that is missing, where
   * it would have.
   */
  public int column(int field) {
    return columns.get(Math.min(field, columns.size() - 1));
  }

  /** The fields of the next record, or null at the end; empty lines are passed over. */
  public @Nullable List<String> next() {
    try {
      List<String> fields = record();
      while (fields != null && fields.size() == 1 && fields.get(0).isEmpty()) {
        fields = record();
      }
      return fields;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private @Nullable List<String> record() throws IOException {
    recordLine = line;
    int c = in.read();
    if (c < 0) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    int characters = 0;
    columns.clear();
    columns.add(1);
    while (true) {
      if (c == '"' && field.length() == 0) {
        characters += 1 + quoted(field);
        c = in.read();
        if (c != separator && c != '\n' && c != '\r' && c >= 0) {
          throw fault("text follows a closing quote", "double the quotes inside of a field");
        }
      }
      if (c == separator || c == '\n' || c == '\r' || c < 0) {
        fields.add(field.toString());
        field.setLength(0);
        if (c != separator) {
          columns.add(characters + 1);
          endLine(c);
          return fields;
        }
      } else {
        field.append((char) c);
      }
      if (++characters > MOST_CHARACTERS || fields.size() > MOST_FIELDS) {
        throw fault(
            "the record has more than %,d characters or %,d fields"
                .formatted(MOST_CHARACTERS, MOST_FIELDS),
            "this may be no CSV, or a quote is not closed");
      }
      if (field.length() == 0 && c == separator) {
        columns.add(characters + 1);
      }
      c = in.read();
    }
  }

  private void endLine(int c) throws IOException {
    if (c == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
    line++;
  }

  /** Reads up to the closing quote. Returns how many characters that was. */
  private int quoted(StringBuilder field) throws IOException {
    int characters = 0;
    while (true) {
      int c = in.read();
      if (c < 0 || ++characters > MOST_CHARACTERS) {
        throw fault("a quote is not closed", "close it");
      }
      if (c == '"') {
        in.mark(1);
        if (in.read() != '"') {
          in.reset();
          return characters;
        }
        characters++;
      }
      line += c == '\n' ? 1 : 0;
      field.append((char) c);
    }
  }

  /** A fault of the last record. */
  DataException fault(String what, String advice) {
    return new DataException(file.name(), "line %,d".formatted(recordLine), what, advice, null);
  }

  private DataException unreadable(IOException e) {
    String what =
        e instanceof CharacterCodingException
            ? "the text is not UTF-8"
            : "it cannot be read on (" + e.getMessage() + ")";
    String advice =
        e instanceof CharacterCodingException ? "save it as UTF-8" : "get the file again";
    return new DataException(file.name(), "line %,d".formatted(line), what, advice, e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
