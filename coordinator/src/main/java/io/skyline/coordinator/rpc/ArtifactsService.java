package io.skyline.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.skyline.coordinator.artifact.ArtifactException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.Chunk;
import io.skyline.v1.Digests;
import io.skyline.v1.Stored;
import io.skyline.v1.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/** Files by digest, in chunks, within the store's quota. */
final class ArtifactsService extends ArtifactsGrpc.ArtifactsImplBase {
  /** Bytes of one chunk at most. */
  static final int CHUNK = 256 * 1024;

  private static final int MOST_DIGESTS = 10_000;
  private static final int MOST_UPLOADS = 256;

  private final ArtifactStore store;
  private final long largest;
  private final ScheduledExecutorService deadlines;
  private final Semaphore uploads = new Semaphore(MOST_UPLOADS);

  /**
   * @param largest bytes of one file at most
   * @param deadlines ends uploads that take too long
   */
  ArtifactsService(ArtifactStore store, long largest, ScheduledExecutorService deadlines) {
    this.store = store;
    this.largest = largest;
    this.deadlines = deadlines;
  }

  @Override
  public StreamObserver<Chunk> upload(StreamObserver<Stored> answers) {
    ServerCallStreamObserver<Stored> stream = (ServerCallStreamObserver<Stored>) answers;
    stream.disableAutoRequest();
    UploadStream upload = new UploadStream(store, largest, stream, uploads);
    upload.begin(deadlines);
    return upload;
  }

  @Override
  public void download(Wanted wanted, StreamObserver<Chunk> answers) {
    DownloadStream.begin(store, wanted.getDigest(), (ServerCallStreamObserver<Chunk>) answers);
  }

  @Override
  public void have(Digests asked, StreamObserver<Digests> answers) {
    if (asked.getDigestCount() > MOST_DIGESTS) {
      answers.onError(ArtifactStatus.tooMuch("at most " + MOST_DIGESTS + " digests at once"));
      return;
    }
    try {
      List<String> stored = new ArrayList<>();
      for (String digest : asked.getDigestList()) {
        if (store.has(digest)) {
          stored.add(digest);
        }
      }
      answers.onNext(Digests.newBuilder().addAllDigest(stored).build());
      answers.onCompleted();
    } catch (ArtifactException e) {
      answers.onError(ArtifactStatus.of((IOException) e));
    }
  }
}
