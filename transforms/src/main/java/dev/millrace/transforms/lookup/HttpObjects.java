package dev.millrace.transforms.lookup;

import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * JSON objects of a web service, one for each key: {@code GET} of an address with the key in it,
 * {@value HttpServer#CONNECTIONS} at a time. 200 is the object, 404 and 410 say that there is none,
 * and any other answer from 400 to 499 but 401, 403, 408 and 429 is that key's trouble. Redirects
 * are not followed.
 *
 * @param url with {@code {key}} in its path or its query
 * @param headers by name, of each request; a value that is {@code secret:env:NAME} or {@code
 *     secret:file:PATH} is read where it is used
 */
public record HttpObjects(String url, Map<String, String> headers) implements ReferenceSource {

  private static final Pattern SECRETIVE =
      Pattern.compile(".*(authorization|cookie|token|secret|password|api-?key).*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /**
   * Checks the forms.
   *
   * @throws IllegalArgumentException for an address that is none, or says a login; for a header
   *     that says a secret
   */
  public HttpObjects {
    KeyTemplate template = new KeyTemplate(url);
    URI probe = uri(template.of("key", key -> key));
    boolean web = "http".equals(probe.getScheme()) || "https".equals(probe.getScheme());
    if (!web
        || probe.getHost() == null
        || probe.getUserInfo() != null
        || probe.getFragment() != null) {
      throw new IllegalArgumentException(
          "found an address of another form, expected http(s)://host:port/path with {key} in path or query, and a login in headers");
    }
    if (!probe.getRawAuthority().equals(uri(template.of("other", key -> key)).getRawAuthority())) {
      throw new IllegalArgumentException("found {key} in the host, expected it in path or query");
    }
    headers.forEach(HttpObjects::checkHeader);
    headers = Map.copyOf(headers);
  }

  private static URI uri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The exception repeats the address, which may hold a login.
      throw new IllegalArgumentException("found an address that is none, expected http(s)://");
    }
  }

  private static void checkHeader(String name, String value) {
    if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "header '%s': found characters that no header may have".formatted(name));
    }
    if (SECRETIVE.matcher(name.toLowerCase(Locale.ROOT)).matches() || isSecret(value)) {
      try {
        var unused = Secret.of(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("header '%s': %s".formatted(name, e.getMessage()), e);
      }
    }
  }

  static boolean isSecret(String value) {
    return value.startsWith("secret:");
  }

  /** The headers with secrets in the place of references. */
  Map<String, String> resolved() {
    Map<String, String> all = new TreeMap<>(headers);
    all.replaceAll((name, value) -> isSecret(value) ? Secret.of(value).value() : value);
    return all;
  }

  @Override
  public String name() {
    return "GET " + url;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public void check(LookupColumns columns) throws IOException {
    new HttpServer(this, columns).check();
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    return new AskedReference(new HttpServer(this, columns), rules);
  }
}
