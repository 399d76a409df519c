package io.skyline.worker.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.sharing.VectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCacheTest {
  @TempDir private Path folder;
  private final List<String> fetched = new ArrayList<>();

  /** Every file holds the vector "k" of ten numbers, all of them the digest's. */
  private VectorCache cache(long budget, VectorCache.FileCheck check) {
    return new VectorCache(
        budget,
        (digest, target) -> {
          fetched.add(digest);
          float[] vector = new float[10];
          java.util.Arrays.fill(vector, Float.parseFloat(digest));
          Files.write(target, new VectorFile("run", Map.of("k", vector)).bytes());
        },
        check);
  }

  @Test
  void fetchesWhatItDoesNotHaveAndForgetsWhatWasNotUsedForLongest() throws Exception {
    VectorCache cache = cache(2 * 40, (file, digest) -> {});
    assertThat(cache.load("k", "1", folder)).containsOnly(1f).hasSize(10);
    cache.load("k", "2", folder);
    cache.load("k", "3", folder);
    cache.load("k", "1", folder);
    assertThat(fetched).containsExactly("1", "2", "3");
    long each = cache.fetchedBytes() / 3;
    assertThat(each).isGreaterThan(40);

    cache.trim(); // 2 goes

    cache.load("k", "1", folder);
    cache.load("k", "3", folder);
    cache.load("k", "2", folder);
    assertThat(fetched).containsExactly("1", "2", "3", "2");
    assertThat(cache.fetchedBytes()).isEqualTo(4 * each);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatIsNotWhatWasAskedForIsNoVector() {
    VectorCache strict =
        cache(
            100,
            (file, digest) -> {
              throw new IOException("another digest");
            });
    assertThatThrownBy(() -> strict.load("k", "1", folder)).hasMessage("another digest");
    VectorCache other = cache(100, (file, digest) -> {});
    assertThatThrownBy(() -> other.load("q", "1", folder)).hasMessageContaining("does not hold q");
  }
}
