package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.Chunk;
import io.skyline.v1.Digests;
import io.skyline.v1.Stored;
import io.skyline.v1.Wanted;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ArtifactsServiceTest {
  private static final int QUOTA = 3 << 20;

  @TempDir Path folder;
  private ArtifactStore store;
  private CoordinatorServer server;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    store = ArtifactStore.open(folder, QUOTA);
    server =
        CoordinatorServer.open(
                new ServerSettings("127.0.0.1", 0, "b", "", 2 << 20, TestServer.IMPATIENT),
                store,
                coordination -> new NoControl())
            .listen();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    server.close();
    store.close();
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private static List<Chunk> chunks(String digest, long announced, byte[] content, int piece) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at == 0 || at < content.length; at += piece) {
      Chunk.Builder chunk =
          Chunk.newBuilder()
              .setContent(ByteString.copyFrom(content, at, Math.min(piece, content.length - at)));
      if (at == 0) {
        chunk.setDigest(digest).setBytes(announced);
      }
      chunks.add(chunk.build());
    }
    return chunks;
  }

  private String upload(List<Chunk> chunks) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<Chunk> stream =
        ArtifactsGrpc.newStub(channel)
            .upload(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Stored stored) {
                    answer.complete(stored.getDigest());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    chunks.forEach(stream::onNext);
    stream.onCompleted();
    return answer.join();
  }

  private void refused(List<Chunk> chunks, Status.Code code, String why) {
    assertThatThrownBy(() -> upload(chunks))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(why);
    assertThat(store.used()).as("an upload that fails leaves no trace").isZero();
    try (Stream<Path> files = Files.walk(folder.resolve("incoming"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesAFileInChunksAndGivesItBack() {
    byte[] file = content(1_000_003);
    String digest = FakeModel.sha256(file);
    assertThat(upload(chunks(digest, file.length, file, 256 * 1024))).isEqualTo(digest);

    Iterator<Chunk> answer =
        ArtifactsGrpc.newBlockingStub(channel)
            .download(Wanted.newBuilder().setDigest(digest).build());
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    Chunk first = answer.next();
    assertThat(first.getBytes()).isEqualTo(file.length);
    assertThat(first.getDigest()).isEqualTo(digest);
    copy.writeBytes(first.getContent().toByteArray());
    answer.forEachRemaining(chunk -> copy.writeBytes(chunk.getContent().toByteArray()));
    assertThat(copy.toByteArray()).isEqualTo(file);

    String other = "0".repeat(64);
    assertThat(
            ArtifactsGrpc.newBlockingStub(channel)
                .have(Digests.newBuilder().addDigest(other).addDigest(digest).build())
                .getDigestList())
        .containsExactly(digest);
    // a repeated upload ends before its content is read
    assertThat(upload(chunks(digest, file.length, file, 256 * 1024))).isEqualTo(digest);
  }

  @Test
  void takesAnEmptyFile() {
    String digest = FakeModel.sha256(new byte[0]);
    assertThat(upload(chunks(digest, 0, new byte[0], 1))).isEqualTo(digest);
    Iterator<Chunk> answer =
        ArtifactsGrpc.newBlockingStub(channel)
            .download(Wanted.newBuilder().setDigest(digest).build());
    assertThat(answer.next().getContent().size()).isZero();
    assertThat(answer.hasNext()).isFalse();
  }

  @Test
  void refusesWhatIsNotWhatItWasAnnouncedAs() {
    byte[] file = content(300_000);
    String digest = FakeModel.sha256(file);
    byte[] corrupt = file.clone();
    corrupt[200_000] ^= 1;
    refused(chunks(digest, file.length, corrupt, 1 << 16), Status.Code.DATA_LOSS, "hashes to");
    refused(
        chunks(digest, file.length, content(299_999), 1 << 16),
        Status.Code.DATA_LOSS,
        "299,999 of 300,000 bytes");
    refused(chunks(digest, 1_000, file, 1 << 16), Status.Code.DATA_LOSS, "more than the announced");
    refused(chunks("../../etc/passwd", 3, new byte[3], 3), Status.Code.INVALID_ARGUMENT, "SHA-256");
  }

  @Test
  void refusesWhatIsTooLarge() {
    byte[] file = content(300_000);
    String digest = FakeModel.sha256(file);
    refused(
        chunks(digest, file.length, file, 256 * 1024 + 1),
        Status.Code.INVALID_ARGUMENT,
        "at most 262144 bytes");
    refused(
        chunks(digest, (2 << 20) + 1, file, 1 << 16),
        Status.Code.INVALID_ARGUMENT,
        "a file may have 2,097,152 bytes");
    refused(
        List.of(
            Chunk.newBuilder()
                .setDigest(digest)
                .setBytes(5 << 20)
                .setContent(ByteString.copyFrom(new byte[4 << 20]))
                .build()),
        Status.Code.RESOURCE_EXHAUSTED,
        "exceeds maximum");
  }

  @Test
  void refusesWhatTheQuotaDoesNotAllow() {
    for (int i = 0; i < 2; i++) {
      byte[] file = content((1 << 20) + i);
      upload(chunks(FakeModel.sha256(file), file.length, file, 1 << 18));
    }
    byte[] file = content((1 << 20) + 5);
    assertThatThrownBy(() -> upload(chunks(FakeModel.sha256(file), file.length, file, 1 << 18)))
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("is full");
  }

  @Test
  void forgetsAnUploadThatBreaksOff() {
    byte[] file = content(600_000);
    List<Chunk> chunks = chunks(FakeModel.sha256(file), file.length, file, 1 << 16);
    CompletableFuture<Void> failed = new CompletableFuture<>();
    StreamObserver<Chunk> stream =
        ArtifactsGrpc.newStub(channel)
            .upload(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Stored stored) {}

                  @Override
                  public void onError(Throwable failure) {
                    failed.complete(null);
                  }

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(chunks.get(0));
    await().until(() -> store.used() == file.length);
    stream.onError(new IllegalStateException("the worker dies"));
    failed.join();
    await().until(() -> store.used() == 0);
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(
            () ->
                ArtifactsGrpc.newBlockingStub(channel)
                    .download(Wanted.newBuilder().setDigest("1".repeat(64)).build())
                    .next())
        .hasMessageContaining("NOT_FOUND")
        .hasMessageContaining("1".repeat(64));
  }
}
