package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import io.skyline.v1.ArtifactRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files of a task, named to the coordinator by the SHA-256 of their bytes. */
final class Artifacts {
  private Artifacts() {}

  /** Refers to a file by its name in the task's folder. */
  static ArtifactRef of(Path file) throws IOException {
    return ArtifactRef.newBuilder()
        .setName(String.valueOf(file.getFileName()))
        .setDigest(digest(file))
        .setBytes(Files.size(file))
        .build();
  }

  /** Writes a file into a task's folder and refers to it. */
  static ArtifactRef write(Path folder, String name, byte[] content) throws IOException {
    return of(Files.write(folder.resolve(name), content));
  }

  /**
   * Checks a file that was fetched.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if it is not what was asked for
   */
  static void verify(Path file, String digest) throws IOException, TaskFailedException {
    String actual = digest(file);
    if (!actual.equals(digest)) {
      throw new TaskFailedException(
          FailureKind.BAD_ARTIFACT, "artifact " + digest + " arrived with the digest " + actual);
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
