package io.skyline.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BuildTest {
  @Test
  void namesVersionAndCommit() {
    assertThat(Build.id()).matches("\\d+\\.\\d+\\.\\d+\\+([0-9a-f]{7,}(-dirty)?|unknown)");
    assertThat(Build.id()).startsWith(Build.version());
  }
}
