package dev.millrace.transforms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.secret.Secret;
import java.io.Serializable;
import java.util.Base64;

/** As whom a source of schemas is asked. Its secrets are read anew for each request. */
public sealed interface Authentication extends Serializable {

  /** The value of the request's {@code Authorization}. */
  String header();

  /** By user and password, RFC 7617; Confluent Cloud's API key and secret are such. */
  record Basic(String user, Secret password) implements Authentication {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when the user has a colon, which would end it early
     */
    public Basic {
      if (user.isEmpty() || user.contains(":")) {
        throw new IllegalArgumentException(
            "user: found an empty one or one with ':', expected a name without");
      }
    }

    @Override
    public String header() {
      String both = user + ":" + password.value();
      return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }
  }

  /** By a token, RFC 6750. */
  record Bearer(Secret token) implements Authentication {
    @Override
    public String header() {
      return "Bearer " + token.value();
    }
  }
}
