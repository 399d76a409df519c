package io.skyline.worker.pack;

/** How many binary decisions one file may code by contexts, which is slow: about two seconds. */
final class ContextBudget {
  static final int DECISIONS = 1 << 25;

  private long left = DECISIONS;

  /** Takes from the budget, unless it holds less. */
  boolean take(long decisions) {
    if (decisions > left) {
      return false;
    }
    left -= decisions;
    return true;
  }
}
