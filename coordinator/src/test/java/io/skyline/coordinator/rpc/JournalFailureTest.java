package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DESIGN section 7, row 16: the database takes nothing for a while. */
@Timeout(180)
final class JournalFailureTest {
  @TempDir Path folder;

  @Test
  void acknowledgesNothingMeanwhileAndRecoversAlone() throws Exception {
    SearchPlan plan = TinySearch.plan("tiny-1", 25);
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(plan);
      FakeWorker worker = server.worker(WorkerTraits.usual(2).taking(Duration.ofMillis(50)));
      await().until(() -> search.progress().counts().scored() >= 5);
      execute(
          "ALTER TABLE \"event_journal\" ADD CONSTRAINT \"full\""
              + " CHECK (\"event_payload\" IS NULL) NOCHECK");
      await().until(() -> worker.running.isEmpty());
      await().pollDelay(Duration.ofMillis(300)).until(() -> true); // what was on its way
      int scored = search.state().counts().scored();
      int acknowledged = TestServer.acknowledged(worker).size();
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      assertThat(TestServer.acknowledged(worker)).hasSize(acknowledged);
      assertThat(TestServer.acknowledged(worker))
          .as("acknowledged, so journalled")
          .allMatch(search.state()::isTerminal);
      assertThat(search.state().counts().scored()).isEqualTo(scored).isLessThan(25);

      execute("ALTER TABLE \"event_journal\" DROP CONSTRAINT \"full\"");
      assertThat(TestServer.end(search).counts().scored()).isEqualTo(25);
      server.journal(plan);
    }
  }

  private void execute(String sql) throws SQLException {
    String url = "jdbc:h2:file:" + folder.resolve("tiny-1/journal/search") + ";LOCK_TIMEOUT=10000";
    try (Connection connection = DriverManager.getConnection(url, "skyline", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
