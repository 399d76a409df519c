package io.skyline.coordinator.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvaluationCacheTest {
  private static final long ROOM = 1 << 20;
  private static final Scorecard SCORECARD =
      Scorecard.EMPTY
          .with(Metric.ACCURACY, Measurement.exact(.8))
          .with(Metric.TRAIN_SECONDS, Measurement.exact(33))
          .with(Metric.LATENCY, new Measurement(120, .02, true))
          .with(Metric.THROUGHPUT, new Measurement(9000, .02, true));

  @TempDir Path folder;
  private ArtifactStore earlier;
  private ArtifactStore later;

  @BeforeEach
  void open() throws IOException {
    earlier = ArtifactStore.open(folder.resolve("earlier"), ROOM);
    later = ArtifactStore.open(folder.resolve("later"), ROOM);
  }

  @AfterEach
  void close() throws IOException {
    earlier.close();
    later.close();
  }

  private Path root() {
    return folder.resolve("cache");
  }

  private EvaluationCache cache(ArtifactStore store, long bound) {
    return new EvaluationCache(root(), store, bound);
  }

  private static String key(int number) {
    return "%064x".formatted(number);
  }

  private Evaluation evaluation(int number) throws IOException {
    byte[] content = ("model " + number).repeat(10).getBytes(UTF_8);
    String digest = earlier.put(content);
    return new Evaluation(
        "fashion-1/" + number,
        SCORECARD,
        List.of(new Artifact("model.onnx", digest, content.length)));
  }

  @Test
  void givesAnotherRunNumbersAndFilesButNothingOfTheMachine() throws IOException {
    Evaluation evaluation = evaluation(7);
    cache(earlier, ROOM).note(key(7), evaluation);

    Evaluation known = cache(later, ROOM).recall(key(7)).orElseThrow();
    assertThat(known.source()).isEqualTo("fashion-1/7");
    assertThat(known.scorecard().measurements())
        .containsOnlyKeys(Metric.ACCURACY, Metric.TRAIN_SECONDS);
    assertThat(known.artifacts()).isEqualTo(evaluation.artifacts());
    assertThat(later.has(known.artifacts().get(0).digest())).isTrue();
    assertThat(cache(later, ROOM).recall(key(8))).isEmpty();
  }

  @Test
  void onlyKeepsWhereItIsAskedForNothing() throws IOException {
    Evaluations cache = cache(earlier, ROOM).writeOnly();
    cache.note(key(7), evaluation(7));
    assertThat(cache.recall(key(7))).isEmpty();
    assertThat(cache(later, ROOM).recall(key(7))).isPresent();
  }

  @Test
  void forgetsAnEntryWhoseFileLostItsDigest() throws IOException {
    Evaluation evaluation = evaluation(7);
    cache(earlier, ROOM).note(key(7), evaluation);
    Path file = entry(key(7)).resolve(evaluation.artifacts().get(0).digest());
    byte[] content = Files.readAllBytes(file);
    content[3] ^= 1;
    Files.write(file, content);

    assertThat(cache(later, ROOM).recall(key(7))).isEmpty();
    assertThat(entry(key(7))).doesNotExist();
    cache(earlier, ROOM).note(key(7), evaluation);
    assertThat(cache(later, ROOM).recall(key(7))).isPresent();
  }

  @Test
  void forgetsAnEntryThatIsCutOffAnywhere() throws IOException {
    Evaluation evaluation = evaluation(7);
    cache(earlier, ROOM).note(key(7), evaluation);
    byte[] whole = Files.readAllBytes(entry(key(7)).resolve("evaluation"));
    for (int length = 0; length < whole.length; length += 9) {
      Files.createDirectories(entry(key(7)));
      Files.write(entry(key(7)).resolve("evaluation"), java.util.Arrays.copyOf(whole, length));
      assertThat(cache(later, ROOM).recall(key(7))).as(length + " bytes").isEmpty();
    }
  }

  @Test
  void isNothingOnceAUserHasDeletedIt() throws IOException {
    cache(earlier, ROOM).note(key(7), evaluation(7));
    try (var files = Files.walk(root())) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(cache(later, ROOM).recall(key(7))).isEmpty();
    cache(earlier, ROOM).note(key(7), evaluation(7));
    assertThat(cache(later, ROOM).recall(key(7))).isPresent();
  }

  @Test
  void whatWasUsedLeastRecentlyGoesFirst() throws IOException {
    EvaluationCache cache = cache(earlier, ROOM);
    for (int i = 0; i < 4; i++) {
      cache.note(key(i), evaluation(i));
      try (var files = Files.list(entry(key(i)))) {
        for (Path file : files.toList()) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(1000 - i)));
        }
      }
    }
    assertThat(cache(later, ROOM).recall(key(0))).isPresent(); // used just now
    long entry = size(entry(key(0)));
    // a fresh cache trims at its first note: room for three of the five
    cache(earlier, 3 * entry + 8).note(key(4), evaluation(4));

    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      if (Files.exists(entry(key(i)))) {
        left.add(i);
      }
    }
    assertThat(left).containsExactly(0, 3, 4);
  }

  @Test
  void manyCoordinatorsNoteRecallAndTrimAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<Integer>> wrong = new ArrayList<>();
    Evaluation[] evaluations = new Evaluation[40];
    for (int i = 0; i < 40; i++) {
      evaluations[i] = evaluation(i);
    }
    for (int thread = 0; thread < 6; thread++) {
      int shift = thread * 7;
      EvaluationCache cache = cache(thread % 2 == 0 ? earlier : later, thread == 5 ? 2000 : ROOM);
      wrong.add(
          threads.submit(
              () -> {
                int mistakes = 0;
                for (int i = 0; i < 200; i++) {
                  int number = (i + shift) % 40;
                  if (shift % 2 == 0) {
                    cache.note(key(number), evaluations[number]);
                  }
                  Optional<Evaluation> known = cache.recall(key(number));
                  boolean right = known.isEmpty() || known.get().equals(evaluations[number]);
                  mistakes += right ? 0 : 1;
                }
                return mistakes;
              }));
    }
    for (Future<Integer> mistakes : wrong) {
      assertThat(mistakes.get()).isZero();
    }
    threads.shutdown();
    try (var drafts = Files.list(root().resolve("drafts"))) {
      assertThat(drafts).isEmpty();
    }
  }

  private Path entry(String key) {
    return root().resolve(key.substring(0, 2)).resolve(key);
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
