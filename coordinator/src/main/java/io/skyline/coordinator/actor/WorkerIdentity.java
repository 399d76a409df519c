package io.skyline.coordinator.actor;

import java.util.List;

/**
 * Who a worker process says it is.
 *
 * @param id new for each process, kept when it reconnects
 * @param host for people
 * @param slots evaluations side by side
 * @param build must be the coordinator's
 * @param protocol must be the coordinator's
 * @param fingerprint digest of a tiny training: equal ones give bit-identical results
 * @param engines that it trains with
 * @param catalogDigest of the ready spaces it knows; must be the coordinator's
 */
public record WorkerIdentity(
    String id,
    String host,
    int slots,
    String build,
    int protocol,
    String fingerprint,
    List<String> engines,
    String catalogDigest) {
  public WorkerIdentity {
    engines = List.copyOf(engines);
  }
}
