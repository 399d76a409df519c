package io.skyline.worker.link;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.Chunk;
import io.skyline.v1.Digests;
import io.skyline.v1.Wanted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings artifacts to the coordinator and from it, trying again for as long as they are wanted
 * unless the coordinator says that it will never work.
 */
final class ArtifactTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactTransfer.class);
  private static final Duration LEAST_DEADLINE = Duration.ofSeconds(30);
  // a link slower than that is taken for a dead one
  private static final long SLOWEST_BYTES_PER_SECOND = 256 << 10;
  private static final long LARGEST_DOWNLOAD = 16L << 30;
  private static final Duration DOWNLOAD_DEADLINE = Duration.ofHours(1);

  private final Channel channel;

  ArtifactTransfer(Channel channel) {
    this.channel = channel;
  }

  /** A step that may fail for now or for good. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Uploads those of a folder's files that the coordinator does not have.
   *
   * @param artifacts the files, by their names in the folder
   * @param wanted asked after each failure whether to try again
   * @throws IOException if one cannot be read, or the coordinator will never take it
   */
  void upload(List<ArtifactRef> artifacts, Path folder, BooleanSupplier wanted)
      throws IOException, InterruptedException {
    persist("uploading", wanted, () -> uploadOnce(artifacts, folder));
  }

  private void uploadOnce(List<ArtifactRef> artifacts, Path folder)
      throws IOException, InterruptedException {
    Digests.Builder mine = Digests.newBuilder();
    artifacts.forEach(artifact -> mine.addDigest(artifact.getDigest()));
    Set<String> there =
        new HashSet<>(
            ArtifactsGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LEAST_DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .have(mine.build())
                .getDigestList());
    List<Upload> uploads = new ArrayList<>();
    for (ArtifactRef artifact : artifacts) {
      if (there.add(artifact.getDigest())) {
        Upload upload = new Upload(artifact, folder.resolve(artifact.getName()));
        uploads.add(upload);
        var unused =
            ArtifactsGrpc.newStub(channel)
                .withDeadlineAfter(deadline(artifact.getBytes()), TimeUnit.SECONDS)
                .upload(upload);
      }
    }
    for (Upload upload : uploads) {
      try {
        upload.stored().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException unreadable) {
          throw unreadable;
        }
        throw Status.fromThrowable(e.getCause()).asRuntimeException();
      }
    }
  }

  private static long deadline(long bytes) {
    return LEAST_DEADLINE.toSeconds() + bytes / SLOWEST_BYTES_PER_SECOND;
  }

  /**
   * Downloads an artifact to a file, replacing its content; the digest is not checked.
   *
   * @param wanted asked after each failure and each chunk whether to go on
   * @throws IOException if the coordinator does not have it, or nobody wants it any more
   */
  void download(String digest, Path target, BooleanSupplier wanted)
      throws IOException, InterruptedException {
    persist("downloading " + digest, wanted, () -> downloadOnce(digest, target, wanted));
  }

  private void downloadOnce(String digest, Path target, BooleanSupplier wanted) throws IOException {
    // a call that is not read to its end would keep both sides busy until its deadline
    Context.CancellableContext call = Context.current().withCancellation();
    Context before = call.attach();
    try {
      Iterator<Chunk> chunks =
          ArtifactsGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DOWNLOAD_DEADLINE.toSeconds(), TimeUnit.SECONDS)
              .download(Wanted.newBuilder().setDigest(digest).build());
      write(chunks, digest, target, wanted);
    } finally {
      call.detachAndCancel(before, null);
    }
  }

  private static void write(
      Iterator<Chunk> chunks, String digest, Path target, BooleanSupplier wanted)
      throws IOException {
    long left = LARGEST_DOWNLOAD;
    try (OutputStream out = Files.newOutputStream(target)) {
      while (chunks.hasNext()) {
        Chunk chunk = chunks.next();
        left -= chunk.getContent().size();
        if (left < 0) {
          throw new IOException(
              "artifact " + digest + " is larger than " + LARGEST_DOWNLOAD + " bytes");
        }
        chunk.getContent().writeTo(out);
        if (!wanted.getAsBoolean()) {
          throw new IOException("artifact " + digest + " is no longer wanted");
        }
      }
    }
  }

  private static void persist(String what, BooleanSupplier wanted, Attempt attempt)
      throws IOException, InterruptedException {
    Backoff backoff = Backoff.standard();
    while (true) {
      try {
        attempt.run();
        return;
      } catch (StatusRuntimeException e) {
        Status status = e.getStatus();
        if (isFinal(status) || !wanted.getAsBoolean()) {
          throw new IOException(what + " failed: " + describe(status), e);
        }
        LOG.warn("{} failed, trying again: {}", what, describe(status));
      }
      long waitMillis = backoff.next().toMillis();
      for (long waited = 0; waited < waitMillis && wanted.getAsBoolean(); waited += 100) {
        TimeUnit.MILLISECONDS.sleep(Math.min(100, waitMillis - waited));
      }
    }
  }

  /** A full disk or a coordinator that restarts passes; these do not. */
  private static boolean isFinal(Status status) {
    return switch (status.getCode()) {
      case NOT_FOUND, INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED -> true;
      default -> false;
    };
  }

  private static String describe(Status status) {
    String description = status.getDescription();
    return description == null ? status.getCode().name() : description;
  }
}
