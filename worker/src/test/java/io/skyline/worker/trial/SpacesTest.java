package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.yaml.InvalidDocumentException;
import org.junit.jupiter.api.Test;

class SpacesTest {
  private final Spaces spaces = new Spaces();

  @Test
  void aSpaceIsReadOnceForAllTasksOfASearch() {
    String yaml = Catalog.space("mobile").yaml();
    CandidateSpace first = spaces.read(yaml);
    assertThat(spaces.read(new String(yaml.toCharArray()))).isSameAs(first);
  }

  @Test
  void theTasksOfAnotherSearchGetTheirOwnSpace() {
    String mobile = Catalog.space("mobile").yaml();
    String shuffle = Catalog.space("shuffle").yaml();
    assertThat(spaces.read(mobile).yaml()).isEqualTo(mobile);
    assertThat(spaces.read(shuffle).yaml()).isEqualTo(shuffle);
    assertThat(spaces.read(mobile).yaml()).isEqualTo(mobile);
  }

  @Test
  void whatCannotBeReadIsNotKept() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> spaces.read("kind: nothing"))
          .isInstanceOf(InvalidDocumentException.class);
    }
  }
}
