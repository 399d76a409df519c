package io.skyline.coordinator.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;

/**
 * The H2 database in a run's folder {@code journal/}, held open, and with it the run's lock: one
 * process has a run's journal at a time.
 *
 * <p>Every commit is on its way to the disk before it returns ({@code WRITE_DELAY=0}), so what was
 * acknowledged survives a killed process.
 */
public final class JournalDatabase implements AutoCloseable {
  /** The only persistence id of a run's journal. */
  public static final String PERSISTENCE_ID = "search";

  // the tables of akka-persistence-jdbc 5.2 that an event-sourced actor without tags touches
  private static final String[] SCHEMA = {
    """
    CREATE TABLE IF NOT EXISTS "event_journal" (
      "ordering" BIGINT UNIQUE NOT NULL AUTO_INCREMENT,
      "deleted" BOOLEAN DEFAULT false NOT NULL,
      "persistence_id" VARCHAR(255) NOT NULL,
      "sequence_number" BIGINT NOT NULL,
      "writer" VARCHAR NOT NULL,
      "write_timestamp" BIGINT NOT NULL,
      "adapter_manifest" VARCHAR NOT NULL,
      "event_payload" BLOB NOT NULL,
      "event_ser_id" INTEGER NOT NULL,
      "event_ser_manifest" VARCHAR NOT NULL,
      "meta_payload" BLOB,
      "meta_ser_id" INTEGER,
      "meta_ser_manifest" VARCHAR,
      PRIMARY KEY("persistence_id", "sequence_number"))
    """,
    """
    CREATE TABLE IF NOT EXISTS "event_tag" (
      "event_id" BIGINT NOT NULL,
      "tag" VARCHAR NOT NULL,
      PRIMARY KEY("event_id", "tag"),
      CONSTRAINT IF NOT EXISTS fk_event_journal FOREIGN KEY("event_id")
        REFERENCES "event_journal"("ordering") ON DELETE CASCADE)
    """
  };

  private final Path runFolder;
  private final Connection connection;

  private JournalDatabase(Path runFolder, Connection connection) {
    this.runFolder = runFolder;
    this.connection = connection;
  }

  /**
   * Opens a run's journal and takes its lock; an empty journal is made if there is none.
   *
   * @throws JournalException if another process holds the run, or the files are not a journal
   */
  public static JournalDatabase open(Path runFolder) throws JournalException {
    try {
      Files.createDirectories(runFolder.resolve("journal"));
    } catch (IOException e) {
      throw new JournalException("cannot make the journal of " + runFolder + ": " + e, e);
    }
    Connection connection = connect(runFolder, "");
    try (Statement statement = connection.createStatement()) {
      for (String table : SCHEMA) {
        statement.execute(table);
      }
      return new JournalDatabase(runFolder, connection);
    } catch (SQLException e) {
      closeAfter(e, connection);
      throw unusable(runFolder, e);
    }
  }

  /** Whether a folder holds a journal. */
  public static boolean exists(Path runFolder) {
    return Files.exists(runFolder.resolve("journal").resolve("search.mv.db"));
  }

  static Connection connect(Path runFolder, String options) throws JournalException {
    try {
      return DriverManager.getConnection(url(runFolder) + options, "skyline", "");
    } catch (SQLException e) {
      throw unusable(runFolder, e);
    }
  }

  private static String url(Path runFolder) throws JournalException {
    String path = runFolder.resolve("journal").resolve("search").toAbsolutePath().toString();
    if (path.indexOf(';') >= 0) {
      throw new JournalException("a run's folder cannot have ';' in its name: " + runFolder);
    }
    return "jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  private static JournalException unusable(Path runFolder, SQLException e) {
    if (e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return new JournalException(
          "%s is held by another process: its coordinator is running; ask that one, or end it first"
              .formatted(runFolder),
          e);
    }
    if (e.getErrorCode() == ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1) {
      return new JournalException(runFolder + " is no run: it has no journal", e);
    }
    return new JournalException(
        "the journal of %s cannot be read: %s".formatted(runFolder, e.getMessage()), e);
  }

  private static void closeAfter(SQLException cause, Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** The settings of an actor system whose persistent actors write here. */
  public Config akkaConfig() throws JournalException {
    return ConfigFactory.load("search")
        .withValue("jdbc-journal.slick.db.url", ConfigValueFactory.fromAnyRef(url(runFolder)));
  }

  /** Gives the run up; call it after every actor that writes here has ended. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
