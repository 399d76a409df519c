package io.skyline.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.actor.DispatcherCommand.WorkerInfo;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.v1.CancelReply;
import io.skyline.v1.CancelRequest;
import io.skyline.v1.ControlGrpc;
import io.skyline.v1.FilesReply;
import io.skyline.v1.FilesRequest;
import io.skyline.v1.FrontierReply;
import io.skyline.v1.FrontierRequest;
import io.skyline.v1.StatusReply;
import io.skyline.v1.StatusRequest;
import io.skyline.v1.SubmitReply;
import io.skyline.v1.SubmitRequest;
import io.skyline.v1.WorkerStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What users' commands ask of this coordinator. */
final class ControlService extends ControlGrpc.ControlImplBase {
  private static final int LONGEST_CONFIG = 1 << 20;
  private static final int CANCEL_SECONDS = 10;

  private final Coordination coordination;
  private final ControlActions actions;

  ControlService(Coordination coordination, ControlActions actions) {
    this.coordination = coordination;
    this.actions = actions;
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitReply> answer) {
    if (request.getConfigYaml().length() > LONGEST_CONFIG) {
      refuse(answer, Status.INVALID_ARGUMENT, "a config has at most 1 MiB");
      return;
    }
    try {
      SearchHandle search = actions.submit(request.getConfigYaml(), request.getFileName());
      reply(answer, SubmitReply.newBuilder().setSearch(search.name()).build());
    } catch (RejectedRequestException e) {
      refuse(answer, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusReply> answer) {
    List<SearchHandle> searches = coordination.searches();
    if (!request.getSearch().isEmpty()) {
      Optional<SearchHandle> search = find(request.getSearch(), answer);
      if (search.isEmpty()) {
        return;
      }
      searches = List.of(search.get());
    }
    StatusReply.Builder status = StatusReply.newBuilder();
    searches.forEach(search -> status.addSearches(StatusMessages.message(search)));
    for (WorkerInfo worker : coordination.workers()) {
      status.addWorkers(
          WorkerStatus.newBuilder()
              .setWorkerId(worker.id())
              .setHost(worker.host())
              .setSlots(worker.slots())
              .setBusy(worker.busy()));
    }
    reply(answer, status.build());
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelReply> answer) {
    find(request.getSearch(), answer)
        .ifPresent(
            search -> {
              search.cancel();
              CompletableFuture<SearchState> unused =
                  search
                      .completion()
                      .orTimeout(CANCEL_SECONDS, TimeUnit.SECONDS)
                      .whenComplete(
                          (state, failure) ->
                              reply(
                                  answer,
                                  CancelReply.newBuilder()
                                      .setPhase(StatusMessages.phase(search.state()))
                                      .build()));
            });
  }

  @Override
  public void frontier(FrontierRequest request, StreamObserver<FrontierReply> answer) {
    find(request.getSearch(), answer)
        .ifPresent(
            search -> {
              try {
                String text = actions.frontier(search.state(), request.getFormat());
                reply(answer, FrontierReply.newBuilder().setText(text).build());
              } catch (RejectedRequestException e) {
                refuse(answer, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
              }
            });
  }

  @Override
  public void files(FilesRequest request, StreamObserver<FilesReply> answer) {
    find(request.getSearch(), answer)
        .ifPresent(
            search ->
                search
                    .state()
                    .trial(request.getTrial())
                    .filter(trial -> !trial.artifacts().isEmpty())
                    .ifPresentOrElse(
                        trial ->
                            reply(
                                answer,
                                FilesReply.newBuilder()
                                    .addAllFiles(Scorecards.messages(trial.artifacts()))
                                    .build()),
                        () ->
                            refuse(
                                answer,
                                Status.NOT_FOUND,
                                "trial %d of %s has no model"
                                    .formatted(request.getTrial(), request.getSearch()))));
  }

  private Optional<SearchHandle> find(String name, StreamObserver<?> answer) {
    Optional<SearchHandle> search = coordination.search(name);
    if (search.isEmpty()) {
      List<String> known = coordination.searches().stream().map(SearchHandle::name).toList();
      refuse(
          answer,
          Status.NOT_FOUND,
          "no search '%s' is known here; there are %s".formatted(name, known));
    }
    return search;
  }

  private static <T> void reply(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }

  private static void refuse(StreamObserver<?> answer, Status status, String reason) {
    answer.onError(status.withDescription(reason).asRuntimeException());
  }
}
