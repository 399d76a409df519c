package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeasurementLockTest {
  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Another process: measures until its input closes. */
  static final class Measurer {
    private Measurer() {}

    public static void main(String[] arguments) {
      MeasurementLock.at(Path.of(arguments[0]))
          .whileOthersPause(
              () -> {
                System.out.println("measuring");
                try {
                  return System.in.read();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
    }
  }

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private Path file() {
    return folder.resolve("cache/measurement.lock");
  }

  private Process measurer() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Measurer.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(said.readLine()).isEqualTo("measuring");
    return process;
  }

  @Test
  void waitsWhileAnotherProcessMeasures() throws Exception {
    MeasurementLock lock = MeasurementLock.at(file());
    Process other = measurer();
    Future<?> pause = threads.submit(lock::pauseWhileMeasuring);
    assertStillWaiting(pause);
    other.getOutputStream().close();
    pause.get();
    assertThat(other.waitFor()).isZero();
  }

  @Test
  void aKilledMeasurerLetsOthersGoOn() throws Exception {
    MeasurementLock lock = MeasurementLock.at(file());
    Process other = measurer();
    Future<Integer> measurement = threads.submit(() -> lock.whileOthersPause(() -> 5));
    assertStillWaiting(measurement);
    other.destroyForcibly().waitFor();
    assertThat(measurement.get()).isEqualTo(5);
  }

  private static void assertStillWaiting(Future<?> future) throws Exception {
    assertStillWaiting(future, 300);
  }

  private static void assertStillWaiting(Future<?> future, int millis) throws Exception {
    try {
      future.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return;
    }
    throw new AssertionError("did not wait");
  }

  @Test
  void threadsOfOneProcessMeasureOneAtATime() throws Exception {
    MeasurementLock lock = MeasurementLock.at(file());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(8);
    for (int t = 0; t < 8; t++) {
      threads.execute(
          () -> {
            for (int i = 0; i < 200; i++) {
              lock.pauseWhileMeasuring();
              lock.whileOthersPause(
                  () -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    return inside.decrementAndGet();
                  });
            }
            done.countDown();
          });
    }
    assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(most).hasValue(1);
  }

  @Test
  void askingForALockThatIsHeldDoesNotDropIt() throws Exception {
    MeasurementLock lock = MeasurementLock.at(file());
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    Future<Boolean> measurement =
        threads.submit(
            () ->
                lock.whileOthersPause(
                    () -> {
                      held.countDown();
                      return awaited(enough);
                    }));
    held.await();
    // the system drops a process's locks on a file when it closes any channel to it
    assertThat(MeasurementLock.at(file())).isSameAs(lock);
    Future<Process> other = threads.submit(this::measurer);
    assertStillWaiting(other, 3000);
    enough.countDown();
    assertThat(measurement.get()).isTrue();
    other.get().destroyForcibly();
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void aThreadThatMeasuresDoesNotWaitForItself() {
    MeasurementLock lock = MeasurementLock.at(file());
    int result =
        lock.whileOthersPause(
            () -> {
              lock.pauseWhileMeasuring();
              return lock.whileOthersPause(() -> 7);
            });
    assertThat(result).isEqualTo(7);
  }

  @Test
  void anInterruptedThreadDoesNotWaitAndTheLockStaysGood() throws Exception {
    MeasurementLock lock = MeasurementLock.at(file());
    Process other = measurer();
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              lock.pauseWhileMeasuring();
              interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 2);
            });
    thread.start();
    started.await();
    thread.interrupt();
    thread.join();
    assertThat(interrupted).hasValue(1);
    other.getOutputStream().close();
    lock.pauseWhileMeasuring();
    assertThat(lock.whileOthersPause(() -> 3)).isEqualTo(3);
  }

  @Test
  void oneFileIsOneLockByWhateverPath() throws IOException {
    Path link = folder.resolve("link");
    MeasurementLock lock = MeasurementLock.at(file());
    Files.createSymbolicLink(link, folder.resolve("cache"));
    assertThat(MeasurementLock.at(link.resolve("measurement.lock"))).isSameAs(lock);
    assertThat(MeasurementLock.at(folder.resolve("other"))).isNotSameAs(lock);
  }

  @Test
  void pausingCostsMicroseconds() {
    MeasurementLock lock = MeasurementLock.at(file());
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5000; i++) {
      long start = System.nanoTime();
      lock.pauseWhileMeasuring();
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).isLessThan(TimeUnit.MICROSECONDS.toNanos(50));
  }
}
