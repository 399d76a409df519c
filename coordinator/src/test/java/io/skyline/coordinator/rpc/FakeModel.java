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

/** The model that a fake worker makes of a genome: a few bytes, really uploaded. */
final class FakeModel {
  private FakeModel() {}

  static ArtifactRef upload(Channel channel, String genome) {
    byte[] model = ("model of " + genome).getBytes(StandardCharsets.UTF_8);
    String digest = sha256(model);
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
            .setBytes(model.length)
            .setContent(ByteString.copyFrom(model))
            .build());
    chunks.onCompleted();
    done.join();
    return ArtifactRef.newBuilder()
        .setName("model.onnx")
        .setDigest(digest)
        .setBytes(model.length)
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
