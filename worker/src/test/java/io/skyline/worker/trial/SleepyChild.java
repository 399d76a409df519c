package io.skyline.worker.trial;

import java.util.concurrent.CountDownLatch;

/** A slot's process that never comes up. */
final class SleepyChild {
  private SleepyChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    new CountDownLatch(1).await();
  }
}
