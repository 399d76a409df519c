package io.skyline.coordinator.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.TaskId;
import org.junit.jupiter.api.Test;

final class LeaseTableTest {
  private static final LeaseId FIRST = new LeaseId("s", TaskId.train(1), 1);
  private static final LeaseId SECOND = new LeaseId("s", TaskId.train(1), 2);

  @Test
  void expiresWhatIsNotRenewedByItsHolder() {
    LeaseTable table = new LeaseTable(100);
    table.start(FIRST, "a", 0);
    table.start(SECOND, "b", 0);
    assertThat(table.renew(FIRST, "b", 90)).isFalse();
    assertThat(table.renew(SECOND, "b", 90)).isTrue();
    assertThat(table.expired(100)).isEmpty();
    assertThat(table.expired(101)).containsExactly(FIRST);
    assertThat(table.expired(191)).containsExactlyInAnyOrder(FIRST, SECOND);
  }

  @Test
  void survivesTheOverflowOfTheMonotonicClock() {
    LeaseTable table = new LeaseTable(100);
    table.start(FIRST, "a", Long.MAX_VALUE - 50);
    assertThat(table.expired(Long.MAX_VALUE)).isEmpty();
    assertThat(table.expired(Long.MIN_VALUE + 40)).isEmpty();
    assertThat(table.expired(Long.MIN_VALUE + 60)).containsExactly(FIRST);
  }

  @Test
  void findsLeasesByHolderTaskAndSearch() {
    LeaseTable table = new LeaseTable(100);
    table.start(FIRST, "a", 0);
    table.start(SECOND, "b", 0);
    assertThat(table.of("a")).containsExactly(FIRST);
    assertThat(table.of("s", TaskId.train(1))).hasSize(2);
    assertThat(table.ofSearch("other")).isEmpty();
    table.end(FIRST);
    assertThat(table.holder(FIRST)).isNull();
    assertThat(table.of("a")).isEmpty();
  }
}
