package io.skyline.worker.link;

import io.skyline.v1.Demand;
import io.skyline.v1.Draining;
import io.skyline.v1.GaveBack;
import io.skyline.v1.Heartbeat;
import io.skyline.v1.Hello;
import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import io.skyline.v1.WorkerMessage;

/** What a worker says to its coordinator. */
final class WorkerMessages {
  private WorkerMessages() {}

  static WorkerMessage hello(Hello hello) {
    return WorkerMessage.newBuilder().setHello(hello).build();
  }

  static WorkerMessage report(Report report) {
    return WorkerMessage.newBuilder().setReport(report).build();
  }

  static WorkerMessage gaveBack(TaskRef task, String reason) {
    return WorkerMessage.newBuilder()
        .setGaveBack(GaveBack.newBuilder().setRef(task).setReason(reason))
        .build();
  }

  static WorkerMessage draining() {
    return WorkerMessage.newBuilder().setDraining(Draining.getDefaultInstance()).build();
  }

  static WorkerMessage demand(int slots) {
    return WorkerMessage.newBuilder().setDemand(Demand.newBuilder().setSlots(slots)).build();
  }

  static WorkerMessage heartbeat(Iterable<RunningTask> running, Iterable<RunningTask> reported) {
    return WorkerMessage.newBuilder()
        .setHeartbeat(Heartbeat.newBuilder().addAllRunning(running).addAllRunning(reported))
        .build();
  }
}
