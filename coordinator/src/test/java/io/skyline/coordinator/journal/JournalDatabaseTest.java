package io.skyline.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.search.SearchEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JournalDatabaseTest {
  @TempDir Path folder;

  /** Another JVM that has the journal open and says the number of each event it has committed. */
  private static final class Writer implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Writer(Path folder, int pauseMillis) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString(),
                  Integer.toString(pauseMillis))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    int next() throws IOException {
      return Integer.parseInt(output.readLine());
    }

    /** Kills it; the last number that it said. */
    int kill(int last) throws Exception {
      process.toHandle().destroyForcibly(); // leaves its output to be read
      process.waitFor();
      int said = last;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said = Integer.parseInt(line);
      }
      return said;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      try (JournalDatabase database = JournalDatabase.open(folder);
          Connection connection = JournalDatabase.connect(folder, "")) {
        assertThat(database).isNotNull();
        for (int number = 1; number < 100_000; number++) {
          insert(connection, number);
          System.out.println(number);
          TimeUnit.MILLISECONDS.sleep(Integer.parseInt(args[1]));
        }
      }
    }
  }

  private static void insert(Connection connection, int number) throws Exception {
    try (PreparedStatement row =
        connection.prepareStatement(
            """
            INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer",
              "write_timestamp", "adapter_manifest", "event_payload", "event_ser_id",
              "event_ser_manifest") VALUES (?, ?, 'w', 0, '', ?, 1, ?)
            """)) {
      row.setString(1, JournalDatabase.PERSISTENCE_ID);
      row.setLong(2, number);
      row.setBytes(3, EventCodec.bytes(new SearchEvent.Ended("x".repeat(600), number)));
      row.setString(4, EventSerializer.MANIFEST);
      row.executeUpdate();
    }
  }

  @Test
  void keepsEveryCommittedEventThroughKills() throws Exception {
    for (int kill = 0; kill < 3; kill++) {
      Path run = folder.resolve("run-" + kill);
      try (Writer writer = new Writer(run, 1)) {
        int said = 0;
        while (said < 100 + 37 * kill) {
          said = writer.next();
        }
        said = writer.kill(said);
        List<SearchEvent> events = JournalReader.read(run);
        assertThat(events.size()).as("events of kill " + kill).isBetween(said, said + 1);
        assertThat(events.get(said - 1)).isEqualTo(new SearchEvent.Ended("x".repeat(600), said));
      }
    }
  }

  @Test
  void saysThatAnotherProcessHasTheRun() throws Exception {
    try (Writer writer = new Writer(folder, 5)) {
      writer.next();
      assertThatThrownBy(() -> JournalReader.read(folder))
          .isInstanceOf(JournalException.class)
          .hasMessage(
              folder
                  + " is held by another process: its coordinator is running; ask that one, or end"
                  + " it first");
      assertThatThrownBy(() -> JournalDatabase.open(folder)).isInstanceOf(JournalException.class);
    }
  }

  @Test
  void saysThatAFolderIsNoRun() throws Exception {
    assertThat(JournalDatabase.exists(folder)).isFalse();
    assertThatThrownBy(() -> JournalReader.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessage(folder + " is no run: it has no journal");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysThatFilesAreNoJournal() throws Exception {
    Files.createDirectories(folder.resolve("journal"));
    Files.writeString(folder.resolve("journal/search.mv.db"), "not a database");
    assertThatThrownBy(() -> JournalReader.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("the journal of " + folder + " cannot be read");
  }

  @Test
  void namesTheRunWhoseEventsThisBuildCannotRead() throws Exception {
    try (JournalDatabase database = JournalDatabase.open(folder);
        Connection connection = JournalDatabase.connect(folder, "");
        PreparedStatement later =
            connection.prepareStatement(
                "UPDATE \"event_journal\" SET \"event_ser_manifest\" = 'skyline.journal.v9'")) {
      assertThat(database).isNotNull();
      insert(connection, 1);
      later.executeUpdate();
    }
    assertThatThrownBy(() -> JournalReader.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "the journal of "
                + folder
                + " cannot be read: the journal follows schema 'skyline.journal.v9' and this build"
                + " reads 'skyline.journal.v1'");
  }

  @Test
  void opensAgainWhatItMade() throws Exception {
    try (JournalDatabase database = JournalDatabase.open(folder)) {
      assertThat(database.akkaConfig().getString("jdbc-journal.slick.db.url"))
          .contains("WRITE_DELAY=0");
    }
    try (JournalDatabase again = JournalDatabase.open(folder)) {
      assertThat(again).isNotNull();
    }
    assertThat(JournalReader.read(folder)).isEmpty();
  }

  @Test
  void refusesAFolderThatWouldChangeTheDatabasesSettings() {
    assertThatThrownBy(() -> JournalDatabase.open(folder.resolve("a;INIT=RUNSCRIPT FROM 'x'")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("';'");
  }
}
