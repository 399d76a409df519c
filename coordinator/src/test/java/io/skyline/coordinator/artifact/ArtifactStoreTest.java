package io.skyline.coordinator.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.artifact.ArtifactException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {
  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final String HELLO_DIGEST =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder;
  private ArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    store = ArtifactStore.open(folder, 1_000_000);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void keepsAFileUnderItsDigest() throws IOException {
    assertThat(store.put(HELLO)).isEqualTo(HELLO_DIGEST);

    assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
    assertThat(folder.resolve("2c/f2").resolve(HELLO_DIGEST)).hasBinaryContent(HELLO);
    assertThat(store.bytes(HELLO_DIGEST)).isEqualTo(5);
    assertThat(store.used()).isEqualTo(5);
  }

  @Test
  void countsAFileThatIsPutTwiceOnce() throws IOException {
    store.put(HELLO);
    store.put(HELLO);

    assertThat(store.used()).isEqualTo(5);
    assertThat(filesIn(folder.resolve("incoming"))).isEmpty();
  }

  @Test
  void stillHasItsFilesWhenOpenedAgain() throws IOException {
    store.put(HELLO);
    reopen();

    assertThat(store.has(HELLO_DIGEST)).isTrue();
    assertThat(store.used()).isEqualTo(5);
    assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
  }

  @Test
  void removesWhatACrashLeftHalfWritten() throws IOException {
    Upload lost = store.upload(HELLO_DIGEST, 5);
    lost.write(HELLO, 0, 3);
    assertThat(filesIn(folder.resolve("incoming"))).hasSize(1);
    reopen();

    assertThat(filesIn(folder.resolve("incoming"))).isEmpty();
    assertThat(store.has(HELLO_DIGEST)).isFalse();
    assertThat(store.used()).isZero();
  }

  @Test
  void refusesContentThatDoesNotHaveItsDigestAndLeavesNoTrace() throws IOException {
    byte[] other = "hellO".getBytes(UTF_8);

    assertFails(
        () -> store.put(HELLO_DIGEST, 5, new ByteArrayInputStream(other)),
        Kind.MISMATCH,
        "what was sent hashes to");
    assertThat(store.has(HELLO_DIGEST)).isFalse();
    assertThat(store.used()).isZero();
    assertThat(filesIn(folder.resolve("incoming"))).isEmpty();
  }

  @Test
  void refusesFewerOrMoreBytesThanAnnounced() {
    assertFails(
        () -> store.put(HELLO_DIGEST, 6, new ByteArrayInputStream(HELLO)),
        Kind.MISMATCH,
        "5 of 6 bytes were sent");
    assertFails(
        () -> store.put(HELLO_DIGEST, 4, new ByteArrayInputStream(HELLO)),
        Kind.MISMATCH,
        "more than the announced 4 bytes");
    assertThat(store.used()).isZero();
  }

  @Test
  void reportsACorruptFileSetsItAsideAndTakesItAgain() throws IOException {
    store.put(HELLO);
    Files.write(folder.resolve("2c/f2").resolve(HELLO_DIGEST), "jello".getBytes(UTF_8));

    assertFails(() -> read(HELLO_DIGEST), Kind.CORRUPT, HELLO_DIGEST + " is corrupt");
    assertThat(store.has(HELLO_DIGEST)).isFalse();
    assertThat(store.used()).isZero();
    assertThat(folder.resolve("corrupt").resolve(HELLO_DIGEST)).hasContent("jello");

    store.put(HELLO);
    assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
  }

  @Test
  void aLateReaderOfACorruptFileSparesItsReplacement() throws IOException {
    byte[] big = new byte[200_000];
    String digest = store.put(big);
    Path file =
        folder.resolve(digest.substring(0, 2) + "/" + digest.substring(2, 4) + "/" + digest);
    byte[] flipped = big.clone();
    flipped[7] ^= 1;
    Files.write(file, flipped);
    try (InputStream late = store.get(digest)) {
      assertThat(late.read()).isZero();
      assertFails(() -> read(digest), Kind.CORRUPT, "corrupt");
      store.put(big);
      assertFails(late::readAllBytes, Kind.CORRUPT, "corrupt");
    }
    assertThat(read(digest)).isEqualTo(big);
  }

  @Test
  void saysWhatIsMissing() {
    assertFails(() -> store.get(HELLO_DIGEST), Kind.MISSING, "no artifact " + HELLO_DIGEST);
    assertFails(() -> store.bytes(HELLO_DIGEST), Kind.MISSING, "no artifact " + HELLO_DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../../../../etc/passwd",
        "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982",
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n",
        "../24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
      })
  void takesNoOtherTextForAName(String name) {
    assertFails(() -> store.has(name), Kind.BAD_NAME, "64 lower-case hex");
    assertFails(() -> store.get(name), Kind.BAD_NAME, "64 lower-case hex");
    assertFails(() -> store.bytes(name), Kind.BAD_NAME, "64 lower-case hex");
    assertFails(() -> store.upload(name, 1), Kind.BAD_NAME, "64 lower-case hex");
    assertFails(() -> store.delete(name), Kind.BAD_NAME, "64 lower-case hex");
  }

  @Test
  void staysWithinItsQuotaWhileUploadsAreUnderWay() throws IOException {
    try (Upload open = store.upload(HELLO_DIGEST, 999_999)) {
      assertFails(
          () -> store.put(new byte[2]),
          Kind.FULL,
          "999,999 of 1,000,000 bytes are taken and 2 more are needed");
    }
    store.put(new byte[2]);
    assertThat(store.used()).isEqualTo(2);
  }

  @Test
  void collectsWhatIsNotKeptOnceItsGraceIsOver() throws IOException {
    String kept = store.put(HELLO);
    String dropped = store.put(new byte[100]);

    assertThat(store.retainOnly(Set.of(kept), Duration.ofHours(1))).isZero();
    assertThat(store.has(dropped)).isTrue();
    assertThat(store.retainOnly(Set.of(kept), Duration.ZERO)).isEqualTo(100);
    assertThat(store.has(dropped)).isFalse();
    assertThat(read(kept)).isEqualTo(HELLO);
    assertThat(store.used()).isEqualTo(5);
  }

  @Test
  void deletesIdempotently() throws IOException {
    store.put(HELLO);
    store.delete(HELLO_DIGEST);
    store.delete(HELLO_DIGEST);

    assertThat(store.has(HELLO_DIGEST)).isFalse();
    assertThat(store.used()).isZero();
  }

  @Test
  void copiesAFileOverAnother() throws IOException {
    store.put(HELLO);
    Path target = folder.resolve("model.onnx");
    Files.writeString(target, "old");
    store.copyTo(HELLO_DIGEST, target);

    assertThat(target).hasBinaryContent(HELLO);
  }

  @Test
  void isOpenOnceAtATime() {
    assertFails(() -> ArtifactStore.open(folder, 1), Kind.IN_USE, "already open");
  }

  @Test
  void manyThreadsPutTheSameAndDifferentFilesAtOnce() throws Exception {
    int threads = 8;
    int files = 40;
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      byte[] content = new byte[1000 + i];
      new Random(i).nextBytes(content);
      contents.add(content);
    }
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Callable<Void> putAll =
          () -> {
            start.await();
            for (byte[] content : contents) {
              assertThat(read(store.put(content))).isEqualTo(content);
            }
            return null;
          };
      for (Future<Void> each : pool.invokeAll(Collections.nCopies(threads, putAll))) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(store.used()).isEqualTo(contents.stream().mapToLong(c -> c.length).sum());
    assertThat(filesIn(folder.resolve("incoming"))).isEmpty();
    reopen();
    assertThat(store.used()).isEqualTo(contents.stream().mapToLong(c -> c.length).sum());
  }

  private void reopen() throws IOException {
    store.close();
    store = ArtifactStore.open(folder, 1_000_000);
  }

  private byte[] read(String digest) throws IOException {
    try (InputStream in = store.get(digest)) {
      return in.readAllBytes();
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void assertFails(ThrowingCallable call, Kind kind, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }
}
