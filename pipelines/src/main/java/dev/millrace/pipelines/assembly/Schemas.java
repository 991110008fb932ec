package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.transforms.registry.Authentication;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.PubsubSchemas;
import dev.millrace.transforms.registry.SchemaFolder;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.Tls;
import dev.millrace.transforms.secret.Secret;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The source of schemas that a specification means. */
public final class Schemas {

  private static final Pattern PROJECT =
      Pattern.compile("(?<root>https?://[^/]+)/v1/projects/(?<project>[^/]+)");

  private Schemas() {}

  /**
   * A registry, or a folder of schemas.
   *
   * @throws IllegalArgumentException when an address or a secret's reference is none
   */
  public static SchemaSource of(RegistrySpec spec) {
    return spec.url().contains("://") ? registry(spec) : SchemaFolder.at(Path.of(spec.url()));
  }

  /**
   * As {@link #of(RegistrySpec)}, or Pub/Sub's schemas for records that name them in attributes:
   * there the registry is a project of Pub/Sub's, {@code
   * https://pubsub.googleapis.com/v1/projects/PROJECT}.
   *
   * @throws IllegalArgumentException when an address or a secret's reference is none
   */
  static SchemaSource of(RegistrySpec spec, FormatSpec.Framing framing) {
    return framing == FormatSpec.Framing.PUBSUB ? pubsub(spec) : of(spec);
  }

  private static PubsubSchemas pubsub(RegistrySpec spec) {
    Matcher project = PROJECT.matcher(spec.url());
    if (!project.matches() || spec.user() != null || spec.trust() != null || spec.own() != null) {
      throw new IllegalArgumentException(
          "framing pubsub: found registry '%s', expected https://pubsub.googleapis.com/v1/projects/PROJECT, and a token"
              .formatted(spec.url()));
    }
    PubsubSchemas schemas =
        PubsubSchemas.of(project.group("project")).withRoot(project.group("root"));
    return spec.token() == null
        ? schemas
        : schemas.withAuthentication(new Authentication.Bearer(Secret.of(spec.token())));
  }

  private static ConfluentRegistry registry(RegistrySpec spec) {
    ConfluentRegistry registry = ConfluentRegistry.at(spec.url());
    if (spec.user() != null && spec.password() != null) {
      registry =
          registry.withAuthentication(
              new Authentication.Basic(spec.user(), Secret.of(spec.password())));
    }
    if (spec.token() != null) {
      registry = registry.withAuthentication(new Authentication.Bearer(Secret.of(spec.token())));
    }
    if (spec.trust() != null || spec.own() != null) {
      registry = registry.withTls(new Tls(store(spec.trust()), store(spec.own())));
    }
    return registry;
  }

  private static Tls.@Nullable Store store(RegistrySpec.@Nullable Store store) {
    return store == null ? null : new Tls.Store(store.path(), Secret.of(store.password()));
  }
}
