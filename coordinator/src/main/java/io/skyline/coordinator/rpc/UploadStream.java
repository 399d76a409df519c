package io.skyline.coordinator.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Upload;
import io.skyline.v1.Chunk;
import io.skyline.v1.Stored;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file on its way in; one chunk is read at a time, and what is not finished leaves no trace.
 */
final class UploadStream implements StreamObserver<Chunk> {
  private static final Logger LOG = LoggerFactory.getLogger(UploadStream.class);
  private static final int MINUTES = 10;

  private final ArtifactStore store;
  private final long largest;
  private final ServerCallStreamObserver<Stored> answer;
  private final Semaphore places;
  private @Nullable Upload upload;
  private @Nullable Future<?> deadline;
  private String digest = "";
  private boolean begun;
  private boolean over;

  UploadStream(
      ArtifactStore store,
      long largest,
      ServerCallStreamObserver<Stored> answer,
      Semaphore places) {
    this.store = store;
    this.largest = largest;
    this.answer = answer;
    this.places = places;
  }

  synchronized void begin(ScheduledExecutorService deadlines) {
    if (!places.tryAcquire()) {
      over = true;
      answer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("too many uploads at once; try again")
              .asRuntimeException());
      return;
    }
    deadline =
        deadlines.schedule(
            () ->
                fail(
                    Status.DEADLINE_EXCEEDED
                        .withDescription("an upload may take " + MINUTES + " minutes")
                        .asRuntimeException()),
            MINUTES,
            TimeUnit.MINUTES);
    answer.setOnCancelHandler(this::end);
    answer.request(1);
  }

  @Override
  public synchronized void onNext(Chunk chunk) {
    if (over) {
      return;
    }
    try {
      if (chunk.getContent().size() > ArtifactsService.CHUNK) {
        throw ArtifactStatus.tooMuch("a chunk has at most " + ArtifactsService.CHUNK + " bytes");
      }
      if (!begun) {
        open(chunk);
      }
      if (upload != null) {
        upload.write(chunk.getContent().asReadOnlyByteBuffer());
        answer.request(1);
      }
    } catch (IOException e) {
      fail(ArtifactStatus.of(e));
    } catch (StatusRuntimeException e) {
      fail(e);
    }
  }

  private void open(Chunk first) throws IOException {
    begun = true;
    digest = first.getDigest();
    if (first.getBytes() < 0 || first.getBytes() > largest) {
      throw ArtifactStatus.tooMuch(
          "a file may have %,d bytes, not %,d".formatted(largest, first.getBytes()));
    }
    if (store.has(digest)) {
      succeed(); // before the rest is sent
    } else {
      upload = store.upload(digest, first.getBytes());
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    end();
  }

  @Override
  public synchronized void onCompleted() {
    if (over) {
      return;
    }
    try {
      if (upload == null) {
        throw ArtifactStatus.tooMuch("an upload begins with a digest and a size");
      }
      upload.commit();
      succeed();
    } catch (IOException e) {
      fail(ArtifactStatus.of(e));
    } catch (StatusRuntimeException e) {
      fail(e);
    }
  }

  private void succeed() {
    answer.onNext(Stored.newBuilder().setDigest(digest).build());
    answer.onCompleted();
    end();
  }

  private synchronized void fail(StatusRuntimeException why) {
    if (!over) {
      end(); // first, so that whoever hears of the failure finds its quota free
      answer.onError(why);
    }
  }

  private synchronized void end() {
    if (over) {
      return;
    }
    over = true;
    places.release();
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (upload != null) {
      try {
        upload.close();
      } catch (IOException e) {
        LOG.warn("could not remove what was uploaded of {}", digest, e);
      }
    }
  }
}
