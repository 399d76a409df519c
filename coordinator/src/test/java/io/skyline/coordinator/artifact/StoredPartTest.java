package io.skyline.coordinator.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are parts of others, under digests of their own. */
class StoredPartTest {
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
  void givesAPartOfAFileByItsOwnDigest() throws IOException {
    String container = store.put("oh hello there".getBytes(UTF_8));
    store.know(List.of(new StoredPart(HELLO_DIGEST, container, 3, 5)));

    assertThat(store.has(HELLO_DIGEST)).isTrue();
    assertThat(store.bytes(HELLO_DIGEST)).isEqualTo(5);
    assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
    assertThat(store.used()).isEqualTo(14);

    store.delete(container);
    assertThat(store.has(HELLO_DIGEST)).isFalse();
    assertThatThrownBy(() -> read(HELLO_DIGEST)).hasMessageContaining("no artifact");
    assertThatThrownBy(() -> store.know(List.of(new StoredPart(HELLO_DIGEST, container, 3, 5))))
        .hasMessageContaining("no artifact " + container);
  }

  @Test
  void aPartThatIsNotWhatItsDigestSaysIsCorrupt() throws IOException {
    String container = store.put("oh hello there".getBytes(UTF_8));
    store.know(List.of(new StoredPart(HELLO_DIGEST, container, 2, 5)));

    assertThatThrownBy(() -> read(HELLO_DIGEST)).hasMessageContaining("corrupt");
    assertThat(store.has(container)).isTrue();
  }

  private byte[] read(String digest) throws IOException {
    try (InputStream in = store.get(digest)) {
      return in.readAllBytes();
    }
  }
}
