package io.skyline.coordinator.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.v1.Chunk;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file on its way out, as fast as the network takes it. */
final class DownloadStream {
  private static final Logger LOG = LoggerFactory.getLogger(DownloadStream.class);

  private final InputStream content;
  private final ServerCallStreamObserver<Chunk> stream;
  private final String digest;
  private final long bytes;
  private boolean begun;
  private boolean over;

  private DownloadStream(
      InputStream content, ServerCallStreamObserver<Chunk> stream, String digest, long bytes) {
    this.content = content;
    this.stream = stream;
    this.digest = digest;
    this.bytes = bytes;
  }

  static void begin(ArtifactStore store, String digest, ServerCallStreamObserver<Chunk> stream) {
    try {
      long bytes = store.bytes(digest); // asked first: if it is missing, nothing was opened
      DownloadStream download = new DownloadStream(store.get(digest), stream, digest, bytes);
      stream.setOnCancelHandler(download::end);
      stream.setOnReadyHandler(download::send);
    } catch (IOException e) {
      stream.onError(ArtifactStatus.of(e));
    }
  }

  private synchronized void send() {
    try {
      while (!over && stream.isReady()) {
        byte[] piece = content.readNBytes(ArtifactsService.CHUNK);
        if (piece.length > 0 || !begun) {
          Chunk.Builder chunk =
              Chunk.newBuilder().setContent(UnsafeByteOperations.unsafeWrap(piece));
          if (!begun) {
            chunk.setDigest(digest).setBytes(bytes);
            begun = true;
          }
          stream.onNext(chunk.build());
        }
        if (piece.length < ArtifactsService.CHUNK) {
          end();
          stream.onCompleted();
        }
      }
    } catch (IOException e) {
      end();
      stream.onError(ArtifactStatus.of(e));
    }
  }

  private synchronized void end() {
    if (!over) {
      over = true;
      try {
        content.close();
      } catch (IOException e) {
        LOG.warn("could not close artifact {}", digest, e);
      }
    }
  }
}
