package io.skyline.coordinator.launch;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.rpc.ControlActions;
import io.skyline.coordinator.rpc.RejectedRequestException;
import io.skyline.coordinator.search.SearchState;

/** A coordinator that runs one search for its own command: it answers, and takes no other. */
public final class SingleSearch implements ControlActions {
  @Override
  public SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException {
    throw new RejectedRequestException(
        "this coordinator runs one search for its own command; start one with 'skyline coordinator'");
  }

  @Override
  public String frontier(SearchState state, String format) throws RejectedRequestException {
    return SearchControl.text(state, format);
  }
}
