package io.skyline.worker.link;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.skyline.v1.Acknowledged;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.Chunk;
import io.skyline.v1.CoordinatorMessage;
import io.skyline.v1.Digests;
import io.skyline.v1.DispatchGrpc;
import io.skyline.v1.Refused;
import io.skyline.v1.Report;
import io.skyline.v1.Stored;
import io.skyline.v1.Wanted;
import io.skyline.v1.Welcome;
import io.skyline.v1.WorkerMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A gRPC server on a loopback port that says what a test tells it to and remembers the rest. */
final class TestCoordinator implements AutoCloseable {
  final List<WorkerMessage> heard = new CopyOnWriteArrayList<>();
  final List<StreamObserver<CoordinatorMessage>> sessions = new CopyOnWriteArrayList<>();
  final Map<String, ByteString> artifacts = new ConcurrentHashMap<>();
  final AtomicInteger failingUploads = new AtomicInteger();

  /** Downloads of the digest "endless" that the other side has left. */
  final AtomicInteger leftDownloads = new AtomicInteger();

  /** What an upload is refused with, if anything. */
  volatile @Nullable Status refusesUploads;

  volatile boolean acknowledges = true;
  volatile int heartbeatMillis;
  volatile boolean refuses;

  /** How long it takes to answer the end of a session. */
  volatile int farewellMillis;

  private final Server server;

  /** Listens at a port; 0 for any. */
  TestCoordinator(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .addService(new Sessions())
            .addService(new Files())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  void send(CoordinatorMessage.Builder message) {
    sessions.get(sessions.size() - 1).onNext(message.build());
  }

  List<Report> reports() {
    return heard.stream().filter(WorkerMessage::hasReport).map(WorkerMessage::getReport).toList();
  }

  long count(WorkerMessage.MessageCase kind) {
    return heard.stream().filter(message -> message.getMessageCase() == kind).count();
  }

  /** Ends every session as a network failure would. */
  void breakSessions() {
    sessions.forEach(session -> session.onError(Status.UNAVAILABLE.asRuntimeException()));
    sessions.clear();
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private final class Sessions extends DispatchGrpc.DispatchImplBase {
    @Override
    public StreamObserver<WorkerMessage> session(StreamObserver<CoordinatorMessage> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(WorkerMessage message) {
          heard.add(message);
          if (message.hasHello() && refuses) {
            answers.onNext(
                CoordinatorMessage.newBuilder()
                    .setRefused(Refused.newBuilder().setReason("another build: 9.9.9"))
                    .build());
            answers.onCompleted();
          } else if (message.hasHello()) {
            sessions.add(answers);
            answers.onNext(
                CoordinatorMessage.newBuilder()
                    .setWelcome(
                        Welcome.newBuilder()
                            .setHeartbeatSeconds(1)
                            .setHeartbeatMillis(heartbeatMillis)
                            .setTerm(1))
                    .build());
          } else if (message.hasReport() && acknowledges) {
            answers.onNext(
                CoordinatorMessage.newBuilder()
                    .setAcknowledged(Acknowledged.newBuilder().setRef(message.getReport().getRef()))
                    .build());
          }
        }

        @Override
        public void onError(Throwable error) {
          sessions.remove(answers);
        }

        @Override
        public void onCompleted() {
          sessions.remove(answers);
          CompletableFuture.delayedExecutor(farewellMillis, TimeUnit.MILLISECONDS)
              .execute(answers::onCompleted);
        }
      };
    }
  }

  private final class Files extends ArtifactsGrpc.ArtifactsImplBase {
    @Override
    public void have(Digests asked, StreamObserver<Digests> answer) {
      Digests.Builder there = Digests.newBuilder();
      asked.getDigestList().stream().filter(artifacts::containsKey).forEach(there::addDigest);
      answer.onNext(there.build());
      answer.onCompleted();
    }

    @Override
    public StreamObserver<Chunk> upload(StreamObserver<Stored> answer) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      return new StreamObserver<>() {
        private String digest = "";

        @Override
        public void onNext(Chunk chunk) {
          digest = chunk.getDigest().isEmpty() ? digest : chunk.getDigest();
          content.writeBytes(chunk.getContent().toByteArray());
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
          Status refusal = refusesUploads;
          if (refusal != null) {
            answer.onError(refusal.asRuntimeException());
            return;
          }
          if (failingUploads.getAndDecrement() > 0) {
            answer.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
            return;
          }
          artifacts.put(digest, ByteString.copyFrom(content.toByteArray()));
          answer.onNext(Stored.newBuilder().setDigest(digest).build());
          answer.onCompleted();
        }
      };
    }

    @Override
    public void download(Wanted wanted, StreamObserver<Chunk> answer) {
      if (wanted.getDigest().equals("endless")) {
        sendWithoutEnd((ServerCallStreamObserver<Chunk>) answer);
        return;
      }
      ByteString content = artifacts.get(wanted.getDigest());
      if (content == null) {
        answer.onError(Status.NOT_FOUND.withDescription("never stored").asRuntimeException());
        return;
      }
      for (int from = 0; from < content.size(); from += Upload.CHUNK) {
        int to = Math.min(content.size(), from + Upload.CHUNK);
        answer.onNext(Chunk.newBuilder().setContent(content.substring(from, to)).build());
      }
      answer.onCompleted();
    }

    private void sendWithoutEnd(ServerCallStreamObserver<Chunk> answer) {
      Chunk chunk =
          Chunk.newBuilder().setContent(ByteString.copyFrom(new byte[Upload.CHUNK])).build();
      answer.setOnCancelHandler(leftDownloads::incrementAndGet);
      answer.setOnReadyHandler(
          () -> {
            while (answer.isReady()) {
              answer.onNext(chunk);
            }
          });
    }
  }
}
