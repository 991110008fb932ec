package dev.millrace.it.lookup;

import dev.millrace.it.services.OwnServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.Driver;

/** Debian's PostgreSQL, which root may not run: as its own user then. */
final class PostgresStand extends OwnServer {

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path programs;
  private final Path data;
  private final String password;

  private PostgresStand(Path folder, Path programs, String password) throws IOException {
    super("postgres", folder);
    this.programs = programs;
    this.password = password;
    // Not within the test's folder, where no other user may look.
    this.data = Files.createTempDirectory("millrace-postgres");
  }

  static boolean isInstalled() throws IOException {
    return programs().isPresent();
  }

  private static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  static PostgresStand start(Path folder, String password) throws Exception {
    PostgresStand postgres = new PostgresStand(folder, programs().orElseThrow(), password);
    Path file = Files.writeString(postgres.data.resolve("password"), password);
    if (isRoot()) {
      run(List.of("chown", "-R", USER, postgres.data.toString()));
    }
    run(
        asOwnUser(
            postgres.programs.resolve("initdb").toString(),
            "--pgdata=" + postgres.data.resolve("db"),
            "--username=millrace",
            "--auth=scram-sha-256",
            "--pwfile=" + file,
            "--no-sync"));
    postgres.start();
    return postgres;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> asOwnUser(String... command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = client();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private Connection client() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "millrace");
    properties.setProperty("password", password);
    return Objects.requireNonNull(new Driver().connect(url(), properties));
  }

  @Override
  protected List<String> command() {
    return asOwnUser(
        programs.resolve("postgres").toString(),
        "-D",
        data.resolve("db").toString(),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "port=" + port,
        "-c",
        "unix_socket_directories=",
        "-c",
        "fsync=off");
  }

  /** At once, whoever is connected. */
  @Override
  protected String signal() {
    return "INT";
  }

  @Override
  protected void ask() throws SQLException {
    client().close();
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      super.close();
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
