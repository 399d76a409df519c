package io.skyline.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BackoffTest {
  @Property(tries = 50)
  void doublesWithJitterUpToItsLimitAndStartsAnew(@ForAll long seed) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(100), Duration.ofMillis(1000), new SplittableRandom(seed));
    for (int round = 0; round < 2; round++) {
      for (long most : new long[] {100, 200, 400, 800, 1000, 1000}) {
        assertThat(backoff.next().toMillis()).isBetween(most / 2, most);
      }
      backoff.reset();
    }
  }
}
