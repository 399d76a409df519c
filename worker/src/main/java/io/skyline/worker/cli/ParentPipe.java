package io.skyline.worker.cli;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The bond of a worker to the process that started it. */
final class ParentPipe {
  private static final Logger LOG = LoggerFactory.getLogger(ParentPipe.class);

  private ParentPipe() {}

  /** Ends this process, and with it its children, as soon as standard input does. */
  static void leaveWithParent() {
    // a Ctrl-C in the terminal reaches the whole group; the parent decides what becomes of us
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    Thread watcher = new Thread(ParentPipe::watch, "parent-pipe");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void watch() {
    try {
      int read = 0;
      while (read >= 0) {
        read = System.in.read();
      }
    } catch (IOException e) {
      LOG.debug("the parent's pipe broke", e);
    }
    // not exit: draining would wait for a coordinator that is gone; children see their socket close
    Runtime.getRuntime().halt(0);
  }
}
