package io.skyline.coordinator.actor;

/** A search whose coordinator ended before it; its journal is whole, so it can be resumed. */
public final class SearchSuspendedException extends Exception {
  private static final long serialVersionUID = 1L;

  SearchSuspendedException(String message) {
    super(message);
  }
}
