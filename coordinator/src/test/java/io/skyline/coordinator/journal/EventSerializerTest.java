package io.skyline.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.journal.v1.JournalEvent;
import io.skyline.journal.v1.Proposed;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class EventSerializerTest {
  private final EventSerializer serializer = new EventSerializer();

  @Property
  void readsBackEveryEventAsItWas(@ForAll("events") SearchEvent event) throws Exception {
    byte[] bytes = serializer.toBinary(event);
    assertThat(serializer.fromBinary(bytes, serializer.manifest(event))).isEqualTo(event);
  }

  @Provide
  Arbitrary<SearchEvent> events() {
    return AnyEvent.events();
  }

  @Test
  void coversEveryKindOfEvent() {
    assertThat(AnyEvent.KINDS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(SearchEvent.class.getPermittedSubclasses()));
  }

  @Test
  void ignoresFieldsOfLaterBuilds() throws Exception {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                4711,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                    .build())
            .build();
    byte[] row =
        JournalEvent.newBuilder()
            .setProposed(
                Proposed.newBuilder()
                    .setStep(3)
                    .setTrial(2)
                    .setGenome("a=1")
                    .setAtMillis(5)
                    .setUnknownFields(later))
            .setUnknownFields(later)
            .build()
            .toByteArray();
    assertThat(serializer.fromBinary(row, EventSerializer.MANIFEST))
        .isEqualTo(new SearchEvent.Proposed(3, 2, "a=1", 5));
  }

  @Test
  void refusesAKindOfEventOfALaterBuild() {
    byte[] row =
        UnknownFieldSet.newBuilder()
            .addField(
                99, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build())
            .build()
            .toByteArray();
    assertThatThrownBy(() -> serializer.fromBinary(row, EventSerializer.MANIFEST))
        .isInstanceOf(UnreadableJournalException.class)
        .hasMessageContaining("written by a later one");
  }

  @Test
  void refusesAnotherSchema() {
    byte[] row = serializer.toBinary(new SearchEvent.Cancelled(1));
    assertThatThrownBy(() -> serializer.fromBinary(row, "skyline.journal.v2"))
        .isInstanceOf(UnreadableJournalException.class)
        .hasMessageContaining("'skyline.journal.v2'");
  }

  @Test
  void refusesDamagedRows() {
    byte[] row = serializer.toBinary(new SearchEvent.Extended(50, 1));
    row[1] = 120; // a length beyond the end
    assertThatThrownBy(() -> serializer.fromBinary(row, EventSerializer.MANIFEST))
        .isInstanceOf(UnreadableJournalException.class)
        .hasMessageContaining("damaged");
  }
}
