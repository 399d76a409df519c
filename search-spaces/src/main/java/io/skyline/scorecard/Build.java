package io.skyline.scorecard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build of Skyline this is; coordinator and workers must be of the same one. */
public final class Build {
  private static final Properties PROPERTIES = read();

  private Build() {}

  /** Version and commit, as {@code 0.1.0+1a2b3c4}; {@code -dirty} if sources differed from it. */
  public static String id() {
    return version() + "+" + PROPERTIES.getProperty("commit");
  }

  /** The version, as {@code 0.1.0}. */
  public static String version() {
    return PROPERTIES.getProperty("version", "unknown");
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
