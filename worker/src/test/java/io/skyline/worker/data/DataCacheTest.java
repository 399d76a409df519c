package io.skyline.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCacheTest {
  @TempDir Path folder;
  private final Map<String, byte[]> artifacts = new HashMap<>();
  private final List<String> fetched = new ArrayList<>();
  private Split one;
  private Split two;
  private Split three;

  @BeforeEach
  void offer() throws IOException {
    one = offer(SplitFiles.npz(50, 1));
    two = offer(SplitFiles.npz(50, 2));
    three = offer(SplitFiles.npz(50, 3));
  }

  @Test
  void fetchesOnceAndKeepsExamplesInMemory() throws IOException {
    DataCache cache = cache(1_000_000);

    Examples examples = cache.load(one);

    assertThat(examples.pixels()).containsOnly(1);
    assertThat(cache.load(one)).isSameAs(examples);
    assertThat(fetched).containsExactly(one.digest());
  }

  @Test
  void findsTheFileAgainInTheNextProcess() throws IOException {
    cache(1_000_000).load(one);

    assertThat(cache(1_000_000).load(one).pixels()).containsOnly(1);
    assertThat(fetched).containsExactly(one.digest());
  }

  @Test
  void fetchesAgainWhatWasDamagedOnDisk() throws IOException {
    cache(1_000_000).load(one);
    Files.write(folder.resolve(one.digest()), new byte[10]);

    assertThat(cache(1_000_000).load(one).pixels()).containsOnly(1);
    assertThat(fetched).containsExactly(one.digest(), one.digest());
    assertThat(folder.resolve(one.digest())).hasBinaryContent(artifacts.get(one.digest()));
  }

  @Test
  void refusesWhatDoesNotHaveTheDigestAndKeepsNothingOfIt() throws IOException {
    artifacts.put(one.digest(), artifacts.get(two.digest()));

    assertThatThrownBy(() -> cache(1_000_000).load(one))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("should hash to " + one.digest());
    assertThat(files()).isEmpty();
  }

  @Test
  void dropsTheFileUsedLongestAgoWhenItsBudgetIsFull() throws IOException {
    long budget = one.bytes() + two.bytes() + 1;
    cache(budget).load(one);
    cache(budget).load(two);
    age(one, 2);
    age(two, 1);
    cache(budget).load(one); // makes two the oldest
    cache(budget).load(three);

    assertThat(files()).containsExactlyInAnyOrder(one.digest(), three.digest());
  }

  @Test
  void keepsTheSplitInUseEvenIfItIsLargerThanTheBudget() throws IOException {
    cache(1).load(one);
    cache(1).load(two);

    assertThat(files()).containsExactly(two.digest());
  }

  @Test
  void removesPartialFilesOfDeadProcessesOnly() throws IOException {
    Path dead = Files.write(folder.resolve(one.digest() + "1.part"), new byte[3]);
    Path busy = Files.write(folder.resolve(two.digest() + "2.part"), new byte[3]);
    Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    cache(1_000_000);

    assertThat(dead).doesNotExist();
    assertThat(busy).exists();
  }

  @Test
  void takesNoOtherTextForADigest() {
    assertThatThrownBy(() -> cache(1_000_000).load(new Split("../../etc/passwd", 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fetchesOnceForManySlots() throws Exception {
    DataCache cache = cache(1_000_000);
    ExecutorService slots = Executors.newFixedThreadPool(8);
    try {
      List<Future<Examples>> loads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        loads.add(slots.submit(() -> cache.load(one)));
      }
      for (Future<Examples> load : loads) {
        assertThat(load.get()).isSameAs(loads.get(0).get());
      }
    } finally {
      slots.shutdownNow();
    }
    assertThat(fetched).hasSize(1);
  }

  private DataCache cache(long budget) throws IOException {
    return new DataCache(
        folder,
        budget,
        (digest, target) -> {
          fetched.add(digest);
          Files.write(target, artifacts.get(digest));
        });
  }

  private Split offer(byte[] file) {
    Split split = SplitFiles.split(file, 50);
    artifacts.put(split.digest(), file);
    return split;
  }

  private void age(Split split, int hours) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve(split.digest()),
        FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
