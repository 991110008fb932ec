package dev.millrace.transforms.lookup;

import dev.millrace.transforms.secret.MissingSecretException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Asks PostgreSQL for rows. */
final class PostgresServer implements Server {

  private static final int KEYS_AT_ONCE = 500;
  private static final int CONNECTIONS = 4;

  private final PostgresTable source;
  private final LookupColumns columns;
  private final List<String> fields;

  PostgresServer(PostgresTable source, LookupColumns columns) {
    this.source = source;
    this.columns = columns;
    this.fields = columns.wanted();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int keysAtOnce() {
    return KEYS_AT_ONCE;
  }

  @Override
  public int connections() {
    return CONNECTIONS;
  }

  /** As {@link ReferenceSource#check}. */
  void check() throws IOException {
    try (Connection connection = open(Questions.CONNECTING)) {
      PostgresKey unused = keyOf(connection);
    } catch (MissingSecretException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (SQLException e) {
      String refusal = refusal(String.valueOf(e.getSQLState()));
      if (refusal == null) {
        throw new IOException("no answer (%s)".formatted(e.getMessage()), e);
      }
      throw new IllegalArgumentException(
          "%s: found %s (%s), expected %s".formatted(name(), "a refusal", e.getMessage(), refusal),
          e);
    }
  }

  /** What is expected of who was refused, by SQL's classes of states; null for other trouble. */
  private static @Nullable String refusal(String state) {
    return switch (state) {
      case "28000", "28P01" -> "a user and a password that it knows";
      case "3D000" -> "a database that is there";
      case "42P01", "3F000" -> "a table or a view that is there, with its schema before it";
      case "42703" -> "columns that are there";
      case "42501" -> "a user who may select from it";
      default -> null;
    };
  }

  private Connection open(Duration patience) throws SQLException {
    Properties properties = new Properties();
    if (source.user() != null) {
      properties.setProperty("user", source.user());
    }
    if (source.password() != null) {
      properties.setProperty("password", source.password().value());
    }
    String seconds = Long.toString(Math.max(1, patience.toSeconds()));
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", seconds);
    properties.setProperty("ApplicationName", "millrace");
    properties.setProperty("readOnly", "true");
    // Not by DriverManager, which does not find a driver that came with a job's own classes.
    return Objects.requireNonNull(new Driver().connect(source.url(), properties));
  }

  /** The key's type, when all that is wanted is there and has the type that is declared. */
  private PostgresKey keyOf(Connection connection) throws SQLException {
    try (PreparedStatement none = connection.prepareStatement(select() + " where false");
        ResultSet empty = none.executeQuery()) {
      ResultSetMetaData found = empty.getMetaData();
      for (LookupColumn column : columns.columns()) {
        String type = found.getColumnTypeName(2 + fields.indexOf(column.field()));
        if (!PostgresKey.fits(type, column.type())) {
          throw new IllegalArgumentException(
              "%s, column '%s': found type %s, expected %s"
                  .formatted(name(), column.field(), type, column.type().expected()));
        }
      }
      return PostgresKey.of(name(), source.key(), found.getColumnTypeName(1));
    }
  }

  private String select() {
    return fields.stream()
        .map(PostgresServer::quoted)
        .collect(
            Collectors.joining(
                ", ",
                "select %s, ".formatted(quoted(source.key())),
                " from " + quotedTable(source.table())));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String quotedTable(String table) {
    int dot = table.indexOf('.');
    return dot < 0
        ? quoted(table)
        : quoted(table.substring(0, dot)) + "." + quoted(table.substring(dot + 1));
  }

  @Override
  public Session connect(Duration patience) throws IOException {
    Connection connection = null;
    try {
      connection = open(patience);
      return new Rows(connection, keyOf(connection));
    } catch (SQLException | MissingSecretException | IllegalArgumentException e) {
      if (connection != null) {
        close(connection);
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is not used any more, whatever it says to that.
    }
  }

  private final class Rows implements Session {
    private final Connection connection;
    private final PostgresKey key;
    private final PreparedStatement select;
    private final AnswerReader reader = new AnswerReader(columns);

    Rows(Connection connection, PostgresKey key) throws SQLException {
      this.connection = connection;
      this.key = key;
      this.select =
          connection.prepareStatement(
              select() + " where %s = any(?)".formatted(quoted(source.key())));
    }

    @Override
    public Map<String, Answer> get(List<String> keys) throws IOException {
      List<Object> possible = new ArrayList<>();
      keys.forEach(each -> key.of(each).ifPresent(possible::add));
      Map<String, Answer> answers = new HashMap<>();
      try {
        select.setArray(1, connection.createArrayOf(key.type(), possible.toArray()));
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            Map<String, Object> row = new HashMap<>();
            for (int i = 0; i < fields.size(); i++) {
              Object value = value(rows, 2 + i);
              if (value != null) {
                row.put(fields.get(i), value);
              }
            }
            Answer answer = reader.typed(row::get);
            if (answers.put(rows.getString(1), answer) != null) {
              answers.put(
                  rows.getString(1), new Answer.Invalid("found several rows, expected one"));
            }
          }
        }
      } catch (SQLException e) {
        throw new IOException(e.getMessage(), e);
      }
      return answers;
    }

    private static @Nullable Object value(ResultSet rows, int index) throws SQLException {
      switch (rows.getMetaData().getColumnTypeName(index)) {
        case "timestamptz" -> {
          OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
          return time == null ? null : time.toInstant();
        }
        case "timestamp" -> {
          LocalDateTime time = rows.getObject(index, LocalDateTime.class);
          return time == null ? null : time.toInstant(ZoneOffset.UTC);
        }
        default -> {
          Object value = rows.getObject(index);
          // What is an enum, JSON, or of a type of the user's own is text here.
          return value == null || value instanceof Number || value instanceof Boolean
              ? value
              : rows.getString(index);
        }
      }
    }

    @Override
    public void close() {
      PostgresServer.close(connection);
    }
  }
}
