package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.FormatSpec.Framing;
import dev.millrace.pipelines.spec.FormatSpec.UnknownFields;
import dev.millrace.pipelines.spec.PayloadSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how records become events. */
final class FormatReader {

  private static final int DEEPEST = 1_000;

  private FormatReader() {}

  static FormatSpec format(Value value) {
    Section.Chosen chosen = value.oneOf(List.of("avro", "protobuf", "json", "csv"));
    return chosen.key().equals("csv")
        ? new FormatSpec.Csv(chosen.value().section("contract").required("contract").path())
        : framed(chosen);
  }

  /** As {@link #format}, of records that have no header line before them. */
  static FormatSpec.Framed framed(Value value) {
    return framed(value.oneOf(List.of("avro", "protobuf", "json")));
  }

  private static FormatSpec.Framed framed(Section.Chosen chosen) {
    return switch (chosen.key()) {
      case "avro" -> avro(chosen.value());
      case "protobuf" -> protobuf(chosen.value());
      default -> json(chosen.value());
    };
  }

  private static FormatSpec.Framed avro(Value value) {
    return new FormatSpec.Avro(payloads(value, section(value)));
  }

  private static FormatSpec.Framed protobuf(Value value) {
    Section section = section(value, "message");
    PayloadSpec payloads = payloads(value, section);
    String message = section.optional("message").map(Value::text).orElse(null);
    return section
        .optional("framing")
        .orElse(value)
        .checked(() -> new FormatSpec.Protobuf(payloads, message));
  }

  private static FormatSpec.Framed json(Value value) {
    Section section = section(value, "unknownFields");
    PayloadSpec payloads = payloads(value, section);
    UnknownFields unknownFields =
        section
            .optional("unknownFields")
            .map(given -> given.choice(UnknownFields.class))
            .orElse(UnknownFields.IGNORE);
    return section
        .optional("framing")
        .orElse(value)
        .checked(() -> new FormatSpec.Json(payloads, unknownFields));
  }

  /** A format whose records have schemas. */
  private static Section section(Value value, String... more) {
    List<String> keys = new ArrayList<>(List.of("contract", "registry", "framing", "limits"));
    keys.addAll(List.of(more));
    return value.section(keys);
  }

  private static PayloadSpec payloads(Value value, Section section) {
    String contract = section.required("contract").path();
    RegistrySpec registry = section.optional("registry").map(FormatReader::registry).orElse(null);
    Optional<Value> given = section.optional("framing");
    Framing usual = registry == null ? Framing.NONE : Framing.CONFLUENT;
    Framing framing = given.map(each -> each.choice(Framing.class)).orElse(usual);
    PayloadSpec.Limits limits =
        section.optional("limits").map(FormatReader::limits).orElse(PayloadSpec.Limits.USUAL);
    return given.orElse(value).checked(() -> new PayloadSpec(contract, registry, framing, limits));
  }

  private static PayloadSpec.Limits limits(Value value) {
    Section section = value.section("bytes", "depth", "items");
    return new PayloadSpec.Limits(
        limit(section, "bytes", Integer.MAX_VALUE),
        limit(section, "depth", DEEPEST),
        limit(section, "items", Integer.MAX_VALUE));
  }

  private static @Nullable Integer limit(Section section, String key, int most) {
    return section.optional(key).map(given -> given.number(1, most)).orElse(null);
  }

  /** An address or a folder, or a map that also says as whom it is asked. */
  private static RegistrySpec registry(Value value) {
    if (value.isText()) {
      return RegistrySpec.at(value.text());
    }
    Section section =
        value.section(
            "url",
            "user",
            "password",
            "token",
            "trustStore",
            "trustStorePassword",
            "keyStore",
            "keyStorePassword");
    String url = section.required("url").text();
    String user = section.optional("user").map(Value::text).orElse(null);
    String password = section.optional("password").map(Value::secret).orElse(null);
    String token = section.optional("token").map(Value::secret).orElse(null);
    RegistrySpec.Store trust = store(section, "trustStore");
    RegistrySpec.Store own = store(section, "keyStore");
    return value.checked(() -> new RegistrySpec(url, user, password, token, trust, own));
  }

  private static RegistrySpec.@Nullable Store store(Section section, String key) {
    Optional<Value> path = section.optional(key);
    Optional<String> password = section.optional(key + "Password").map(Value::secret);
    if (path.isEmpty() && password.isEmpty()) {
      return null;
    }
    return new RegistrySpec.Store(
        section.required(key).path(), section.required(key + "Password").secret());
  }
}
