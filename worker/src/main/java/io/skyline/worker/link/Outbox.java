package io.skyline.worker.link;

import io.skyline.v1.Report;
import io.skyline.v1.RunningTask;
import io.skyline.v1.TaskRef;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reports that no coordinator has acknowledged yet, oldest first; used by one thread.
 *
 * <p>Bounded by demand: a worker asks for no more tasks than there is room for reports.
 */
final class Outbox {
  private static final int ROOM = 64;

  private final Map<TaskRef, Sent> reports = new LinkedHashMap<>();

  private record Sent(Report report, long atNanos) {}

  /** Keeps a report, which the caller sends now. */
  void add(Report report, long nowNanos) {
    reports.put(report.getRef(), new Sent(report, nowNanos));
  }

  /** Forgets a report: it was acknowledged, or its task is no longer this worker's. */
  boolean remove(TaskRef task) {
    return reports.remove(task) != null;
  }

  /** The reports that were last sent longer ago than that; they count as sent now. */
  List<Report> due(Duration age, long nowNanos) {
    List<Report> due =
        reports.values().stream()
            .filter(sent -> nowNanos - sent.atNanos() >= age.toNanos())
            .map(Sent::report)
            .toList();
    due.forEach(report -> add(report, nowNanos));
    return due;
  }

  /** The tasks of these reports, so that heartbeats keep their leases. */
  List<RunningTask> tasks() {
    return reports.keySet().stream()
        .map(
            task ->
                RunningTask.newBuilder().setTask(task).setStage("report").setFraction(1).build())
        .toList();
  }

  boolean isEmpty() {
    return reports.isEmpty();
  }

  /** How many more reports fit. */
  int room() {
    return ROOM - reports.size();
  }
}
