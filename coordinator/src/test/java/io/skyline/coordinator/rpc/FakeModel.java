package io.skyline.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.Chunk;
import io.skyline.v1.Stored;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The files that a fake worker makes: a few bytes, really uploaded. */
final class FakeModel {
  private FakeModel() {}

  static ArtifactRef upload(Channel channel, String genome) {
    return upload(channel, "model.onnx", "model of " + genome);
  }

  static ArtifactRef upload(Channel channel, String name, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    String digest = sha256(content);
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<Chunk> chunks =
        ArtifactsGrpc.newStub(channel)
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .upload(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Stored stored) {}

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(null);
                  }
                });
    chunks.onNext(
        Chunk.newBuilder()
            .setDigest(digest)
            .setBytes(content.length)
            .setContent(ByteString.copyFrom(content))
            .build());
    chunks.onCompleted();
    done.join();
    return ArtifactRef.newBuilder()
        .setName(name)
        .setDigest(digest)
        .setBytes(content.length)
        .build();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
