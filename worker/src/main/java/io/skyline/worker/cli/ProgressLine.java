package io.skyline.worker.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** How far a command is: a line that is redrawn on a terminal, elsewhere one every few seconds. */
final class ProgressLine {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long FILE_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private long last = System.nanoTime();
  private boolean drawn;

  ProgressLine(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void at(String stage, double fraction) {
    long now = System.nanoTime();
    if (now - last < (terminal ? TERMINAL_NANOS : FILE_NANOS)) {
      return;
    }
    last = now;
    String line = String.format(Locale.ROOT, "%-8s %3.0f %%", stage, 100 * fraction);
    if (terminal) {
      out.print("\r" + line);
      drawn = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Clears what was drawn. */
  void end() {
    if (drawn) {
      out.print("\r" + " ".repeat(20) + "\r");
      out.flush();
    }
  }
}
