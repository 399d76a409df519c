package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.search.SearchState;

/** For tests that begin their searches themselves. */
final class NoControl implements ControlActions {
  @Override
  public SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException {
    throw new RejectedRequestException("no search is taken here");
  }

  @Override
  public String frontier(SearchState state, String format) throws RejectedRequestException {
    throw new RejectedRequestException("no frontier is told here");
  }
}
