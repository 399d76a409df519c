package io.skyline.scorecard;

import java.nio.file.Path;

/** The folder that all processes of a user on this machine share. */
public final class CacheFolder {
  private CacheFolder() {}

  /** {@code $SKYLINE_CACHE}, or {@code skyline} in the user's folder for caches. */
  public static Path standard() {
    String skyline = System.getenv("SKYLINE_CACHE");
    if (skyline != null && !skyline.isEmpty()) {
      return Path.of(skyline).toAbsolutePath();
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("skyline").toAbsolutePath();
  }
}
