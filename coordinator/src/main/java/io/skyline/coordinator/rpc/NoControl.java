package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.search.SearchState;

/** A coordinator that runs one search for its own command. */
final class NoControl implements ControlActions {
  @Override
  public SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException {
    throw new RejectedRequestException(
        "this coordinator runs one search for its own command; start one with 'skyline coordinator'");
  }

  @Override
  public String frontier(SearchState state, String format) throws RejectedRequestException {
    throw new RejectedRequestException(
        "this coordinator runs one search for its own command; it prints the frontier at its end");
  }
}
