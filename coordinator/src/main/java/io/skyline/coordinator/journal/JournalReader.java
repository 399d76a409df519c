package io.skyline.coordinator.journal;

import io.skyline.coordinator.search.SearchEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the events of a run that no coordinator holds, without Akka. */
public final class JournalReader {
  private static final String QUERY =
      """
      SELECT "event_payload", "event_ser_manifest" FROM "event_journal"
      WHERE "persistence_id" = ? AND NOT "deleted" ORDER BY "sequence_number"
      """;

  private JournalReader() {}

  /**
   * All events of a run, in order.
   *
   * @throws JournalException if there is no journal, a running coordinator holds it, or this build
   *     cannot read it
   */
  public static List<SearchEvent> read(Path runFolder) throws JournalException {
    try (Connection connection = JournalDatabase.connect(runFolder, ";IFEXISTS=TRUE");
        PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, JournalDatabase.PERSISTENCE_ID);
      List<SearchEvent> events = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          events.add(EventSerializer.event(rows.getBytes(1), rows.getString(2)));
        }
      }
      return events;
    } catch (SQLException | UnreadableJournalException e) {
      throw new JournalException(
          "the journal of %s cannot be read: %s".formatted(runFolder, e.getMessage()), e);
    }
  }
}
