package io.skyline.space;

import io.skyline.yaml.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The spaces that come with Skyline: every YAML file of the folder {@code catalog}. */
public final class Catalog {
  private static final String FOLDER = "/io/skyline/catalog/";
  private static final String EXTENSION = ".yaml";

  private Catalog() {}

  /** The names of its spaces, sorted. */
  public static List<String> names() {
    URL folder = Catalog.class.getResource(FOLDER + "mobile" + EXTENSION);
    if (folder == null) {
      throw new IllegalStateException("the catalog of spaces is not on the class path");
    }
    try {
      if (!(folder.openConnection() instanceof JarURLConnection jar)) {
        return names(Path.of(folder.toURI()).resolveSibling("."));
      }
      try (FileSystem files = FileSystems.newFileSystem(Path.of(jar.getJarFileURL().toURI()))) {
        return names(files.getPath(FOLDER));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(EXTENSION))
          .map(name -> name.substring(0, name.length() - EXTENSION.length()))
          .sorted()
          .toList();
    }
  }

  /** SHA-256 over the names and texts of all its spaces, in lower-case hex. */
  public static String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String name : names()) {
        // neither a name nor a YAML text holds a zero byte
        String entry = name + '\0' + yaml(name).orElseThrow() + '\0';
        sha.update(entry.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The YAML of a space, if the catalog has it. */
  public static Optional<String> yaml(String name) {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    try (InputStream in = Catalog.class.getResourceAsStream(FOLDER + name + EXTENSION)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A space of the catalog.
   *
   * @throws IllegalArgumentException if it has none of that name, with the nearest one
   */
  public static CandidateSpace space(String name) {
    String yaml =
        yaml(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the catalog has no space '"
                            + name
                            + "'. "
                            + Spelling.suggest(name, names())));
    return SpaceReader.read(yaml, "catalog/" + name + EXTENSION);
  }
}
