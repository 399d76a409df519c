package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.DispatchSettings;
import io.skyline.scorecard.Build;
import io.skyline.space.Catalog;

/**
 * Where a coordinator listens and whom it takes.
 *
 * @param host the address to bind: loopback unless workers come from elsewhere
 * @param port 0 for any free one
 * @param build workers must be of
 * @param catalogDigest of the ready spaces, which workers must share
 * @param largestArtifact bytes of one uploaded file at most
 * @param dispatch how patient to be with workers
 */
public record ServerSettings(
    String host,
    int port,
    String build,
    String catalogDigest,
    long largestArtifact,
    DispatchSettings dispatch) {
  /** Any free port of the loopback interface, for this build, files up to 1 GiB. */
  public static final ServerSettings LOCAL =
      new ServerSettings(
          "127.0.0.1", 0, Build.id(), Catalog.digest(), 1L << 30, DispatchSettings.USUAL);

  /** The same elsewhere. */
  public ServerSettings at(String otherHost, int otherPort) {
    return new ServerSettings(
        otherHost, otherPort, build, catalogDigest, largestArtifact, dispatch);
  }
}
