package io.skyline.worker.link;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Chunk;
import io.skyline.v1.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one file in chunks, never faster than the other side takes them. */
final class Upload implements ClientResponseObserver<Chunk, Stored> {
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

  /** The longest chunk of the protocol. */
  static final int CHUNK = 256 << 10;

  private final ArtifactRef artifact;
  private final Path file;
  private final CompletableFuture<Void> stored = new CompletableFuture<>();
  private @Nullable InputStream content;
  private boolean first = true;
  private boolean finished;

  Upload(ArtifactRef artifact, Path file) {
    this.artifact = artifact;
    this.file = file;
    CompletableFuture<Void> unused = stored.whenComplete((done, error) -> closeContent());
  }

  /**
   * Completes when the other side has the file; exceptionally if it will not, with an IOException
   * if the file cannot be read.
   */
  CompletableFuture<Void> stored() {
    return stored;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Chunk> requests) {
    requests.setOnReadyHandler(() -> pump(requests));
  }

  /** Called by gRPC, one call at a time. */
  private void pump(ClientCallStreamObserver<Chunk> requests) {
    try {
      while (!finished && !stored.isDone() && requests.isReady()) {
        byte[] bytes = content().readNBytes(CHUNK);
        if (bytes.length > 0 || first) {
          requests.onNext(chunk(bytes));
        }
        if (bytes.length < CHUNK) {
          finished = true;
          requests.onCompleted();
        }
      }
    } catch (IOException e) {
      finished = true;
      stored.completeExceptionally(new IOException("cannot read " + file + ": " + e, e));
      requests.cancel("the file cannot be read", e);
    }
  }

  private synchronized InputStream content() throws IOException {
    InputStream open = content;
    if (open == null) {
      open = Files.newInputStream(file);
      content = open;
    }
    return open;
  }

  private Chunk chunk(byte[] bytes) {
    Chunk.Builder chunk = Chunk.newBuilder().setContent(ByteString.copyFrom(bytes));
    if (first) {
      first = false;
      chunk.setDigest(artifact.getDigest()).setBytes(artifact.getBytes());
    }
    return chunk.build();
  }

  @Override
  public void onNext(@Nullable Stored reply) {}

  @Override
  public void onError(Throwable error) {
    stored.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    stored.complete(null);
  }

  private synchronized void closeContent() {
    try {
      if (content != null) {
        content.close();
      }
    } catch (IOException e) {
      LOG.debug("closing {}, which was only read", file, e);
    }
  }
}
