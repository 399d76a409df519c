package io.skyline.coordinator.journal;

import akka.serialization.SerializerWithStringManifest;
import io.skyline.coordinator.search.SearchEvent;
import java.io.NotSerializableException;

/** Writes a search's events as {@code journal.proto}; the manifest is the schema's version. */
public final class EventSerializer extends SerializerWithStringManifest {
  /** The manifest of rows written by this build. */
  static final String MANIFEST = "skyline.journal.v1";

  @Override
  public int identifier() {
    return 742_001;
  }

  @Override
  public String manifest(Object event) {
    return MANIFEST;
  }

  @Override
  public byte[] toBinary(Object event) {
    if (!(event instanceof SearchEvent searchEvent)) {
      throw new IllegalArgumentException("the journal holds SearchEvents, not " + event.getClass());
    }
    return EventCodec.bytes(searchEvent);
  }

  /** Reads a row whose manifest says that it follows a schema this build knows. */
  static SearchEvent event(byte[] bytes, String manifest) {
    if (!manifest.equals(MANIFEST)) {
      throw new UnreadableJournalException(
          "the journal follows schema '%s' and this build reads '%s'"
              .formatted(manifest, MANIFEST));
    }
    return EventCodec.event(bytes);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return event(bytes, manifest);
  }
}
