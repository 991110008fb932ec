package dev.millrace.transforms.lookup;

import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table or a view in PostgreSQL: of many keys it asks one {@code select} by {@code key =
 * any(?)}, which an index on the key serves. The key's column is text, an integer or a UUID; a key
 * that cannot be one, as {@code 007} for an integer, has no row. A key of two rows is that key's
 * trouble.
 *
 * @param url {@code jdbc:postgresql://host:port/database}; of parameters only those of TLS, the
 *     schema and the kind of server
 * @param user null where the server asks for none
 * @param password null where it asks for none
 * @param table with its schema before it where it is in none of the search path
 * @param key the column that is the key
 */
public record PostgresTable(
    String url, @Nullable String user, @Nullable Secret password, String table, String key)
    implements ReferenceSource {

  private static final Pattern URL =
      Pattern.compile(
          "(?<plain>jdbc:postgresql://[\\w.,:\\[\\]-]+/[\\w$-]+)(\\?(?<parameters>[^#]*))?");

  /** Others load classes, write files, or are logins. */
  private static final Set<String> PARAMETERS =
      Set.of(
          "ssl",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "currentschema",
          "targetservertype",
          "channelbinding",
          "gssencmode",
          "preparethreshold");

  /**
   * Checks the forms.
   *
   * @throws IllegalArgumentException for an address that is none, says a login, or names code
   */
  public PostgresTable {
    Matcher form = URL.matcher(url);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "found an address of another form, expected jdbc:postgresql://host:port/database, with user and password beside it");
    }
    String parameters = form.group("parameters");
    if (parameters != null) {
      for (String each : parameters.split("&", -1)) {
        String name = each.replaceFirst("=.*", "");
        if (!PARAMETERS.contains(name.toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException(
              "found the parameter '%s' in the address, expected none but %s"
                  .formatted(name, PARAMETERS.stream().sorted().toList()));
        }
      }
    }
  }

  @Override
  public String name() {
    return "PostgreSQL table " + table;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public void check(LookupColumns columns) throws IOException {
    new PostgresServer(this, columns).check();
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    return new AskedReference(new PostgresServer(this, columns), rules);
  }
}
