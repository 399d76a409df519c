package io.skyline.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.journal.v1.JournalEvent;

/** Events as rows of the journal, in the messages of {@code journal.proto}, and back. */
final class EventCodec {
  private EventCodec() {}

  static byte[] bytes(SearchEvent event) {
    return EventWriter.message(event).toByteArray();
  }

  /**
   * Reads a row; fields that a later build added are ignored.
   *
   * @throws UnreadableJournalException if the bytes are no event, or of a kind that this build does
   *     not know
   */
  static SearchEvent event(byte[] bytes) {
    try {
      return EventReader.event(JournalEvent.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new UnreadableJournalException("a row of the journal is damaged: " + e.getMessage(), e);
    }
  }
}
