package io.skyline.coordinator.cli;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.scorecard.BadInputException;
import io.skyline.v1.ArtifactsGrpc;
import io.skyline.v1.CancelRequest;
import io.skyline.v1.Chunk;
import io.skyline.v1.ControlGrpc;
import io.skyline.v1.FilesRequest;
import io.skyline.v1.FrontierRequest;
import io.skyline.v1.StatusReply;
import io.skyline.v1.StatusRequest;
import io.skyline.v1.SubmitRequest;
import io.skyline.v1.Wanted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What commands ask of a coordinator that runs elsewhere, with a deadline each. */
final class RemoteCoordinator implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 15;

  /** Preparing a data set takes longer than answering. */
  private static final long SUBMIT_DEADLINE_SECONDS = 120;

  private static final long DOWNLOAD_DEADLINE_SECONDS = 300;

  private static final int LARGEST_ANSWER = 16 << 20;

  private final String address;
  private final ManagedChannel channel;

  private RemoteCoordinator(String address, ManagedChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /**
   * Does not wait for an answer.
   *
   * @param address host:port
   */
  static RemoteCoordinator connect(String address) {
    HostAndPort target = HostAndPort.parse(address);
    return new RemoteCoordinator(
        address,
        NettyChannelBuilder.forAddress(target.host(), target.port())
            .usePlaintext()
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build());
  }

  /** Starts a search; its name there. */
  String submit(String configYaml, String fileName) {
    SubmitRequest request =
        SubmitRequest.newBuilder().setConfigYaml(configYaml).setFileName(fileName).build();
    return ask(SUBMIT_DEADLINE_SECONDS, stub -> stub.submit(request).getSearch());
  }

  /** One search, or all of them if the name is empty. */
  StatusReply status(String search) {
    return ask(
        DEADLINE_SECONDS,
        stub -> stub.status(StatusRequest.newBuilder().setSearch(search).build()));
  }

  /** Ends a search before its budget; the phase it is in then. */
  String cancel(String search) {
    return ask(
        DEADLINE_SECONDS,
        stub -> stub.cancel(CancelRequest.newBuilder().setSearch(search).build()).getPhase());
  }

  /** A search's frontier as {@code table}, {@code csv} or {@code json}. */
  String frontier(String search, String format) {
    FrontierRequest request =
        FrontierRequest.newBuilder().setSearch(search).setFormat(format).build();
    return ask(DEADLINE_SECONDS, stub -> stub.frontier(request).getText());
  }

  /** What a scored trial of a search stored. */
  List<Artifact> files(String search, int trial) {
    FilesRequest request = FilesRequest.newBuilder().setSearch(search).setTrial(trial).build();
    return Scorecards.artifacts(ask(DEADLINE_SECONDS, stub -> stub.files(request).getFilesList()));
  }

  /**
   * Downloads a file that a trial stored.
   *
   * @throws IOException if it cannot be written, or is not what its digest says
   */
  void download(String digest, Path target) throws IOException {
    Path folder = Optional.ofNullable(target.toAbsolutePath().getParent()).orElseThrow();
    Path temporary = Files.createTempFile(folder, ".artifact", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        Iterator<Chunk> chunks =
            ArtifactsGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DOWNLOAD_DEADLINE_SECONDS, TimeUnit.SECONDS)
                .download(Wanted.newBuilder().setDigest(digest).build());
        while (chunks.hasNext()) {
          chunks.next().getContent().writeTo(out);
        }
      } catch (StatusRuntimeException e) {
        throw new CommandFailedException(
            "the coordinator at %s does not give %s: %s"
                .formatted(address, digest, e.getStatus().getDescription()),
            e);
      }
      if (!Fingerprint.of(temporary).digest().equals(digest)) {
        throw new IOException(digest + " was damaged on its way from " + address);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Whether somebody answers at the address and has that search. */
  boolean has(String search) {
    try {
      status(search);
      return true;
    } catch (CommandFailedException e) {
      return false;
    }
  }

  private <T> T ask(long deadline, Function<ControlGrpc.ControlBlockingStub, T> question) {
    try {
      return question.apply(
          ControlGrpc.newBlockingStub(channel).withDeadlineAfter(deadline, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      String why = e.getStatus().getDescription();
      if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT && why != null) {
        throw new RefusedException(why);
      }
      throw new CommandFailedException(
          switch (e.getStatus().getCode()) {
            case UNAVAILABLE -> "no coordinator answers at " + address;
            case DEADLINE_EXCEEDED ->
                "the coordinator at %1$s did not answer in time, and may still do what was asked; look with: skyline status --coordinator %1$s"
                    .formatted(address);
            default -> why == null ? e.getStatus().getCode().toString() : why;
          },
          e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static final class RefusedException extends BadInputException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }
}
