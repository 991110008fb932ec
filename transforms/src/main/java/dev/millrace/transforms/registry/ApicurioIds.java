package dev.millrace.transforms.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.transforms.registry.References.Link;
import dev.millrace.transforms.registry.References.Linked;
import dev.millrace.transforms.registry.Requests.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What only Apicurio's own interface tells: it stands beside the one it has of Confluent's. */
final class ApicurioIds {

  private static final String CONFLUENTS = "/apis/ccompat/v\\d+$";

  private final Endpoint endpoint;
  private final Requests requests;
  private final boolean isApicurio;
  private final String url;

  ApicurioIds(Endpoint endpoint, Requests requests) {
    this.endpoint = endpoint;
    this.requests = requests;
    this.url = endpoint.url().replaceFirst(CONFLUENTS, "/apis/registry/v2");
    this.isApicurio = !url.equals(endpoint.url());
  }

  boolean keeps(SchemaId.Kind kind) {
    return isApicurio && (kind == SchemaId.Kind.GLOBAL_ID || kind == SchemaId.Kind.CONTENT_ID);
  }

  Optional<SchemaText> ask(SchemaId id, Duration patience) {
    boolean global = id.kind() == SchemaId.Kind.GLOBAL_ID;
    String place = url + (global ? "/ids/globalIds/" : "/ids/contentIds/") + id.value();
    Reply reply = requests.get(place, patience);
    if (isNone(reply)) {
      return Optional.empty();
    }
    String text = text(reply);
    String type = type((global ? "globalId=" : "contentId=") + id.value());
    return Optional.of(
        new SchemaText(type, text, References.resolve(id, links(place), link -> linked(id, link))));
  }

  /** Apicurio 2 tells the type of a number only where it is searched for. */
  private String type(String number) {
    String place = url + "/search/artifacts?limit=1&" + number;
    Reply reply = requests.get(place, endpoint.patience());
    JsonNode type = reply.json().path("artifacts").path(0).path("type");
    if (reply.status() != 200 || !type.isTextual()) {
      throw requests.unexpected(reply, "the schema's type");
    }
    return type.asText();
  }

  private List<Link> links(String place) {
    Reply reply = requests.get(place + "/references", endpoint.patience());
    if (reply.status() != 200 || !reply.json().isArray()) {
      throw requests.unexpected(reply, "a list of references");
    }
    List<Link> links = new ArrayList<>();
    for (JsonNode each : reply.json()) {
      String group = each.path("groupId").asText("default");
      String artifact = artifact(group, each.path("artifactId").asText());
      String version = Requests.encode(each.path("version").asText());
      links.add(new Link(each.path("name").asText(), artifact + "/versions/" + version));
    }
    return links;
  }

  private Linked linked(SchemaId id, Link link) {
    Reply reply = requests.get(link.place(), endpoint.patience());
    if (isNone(reply)) {
      throw new UnusableSchemaException(
          "%s: found no schema for its reference '%s' at %s".formatted(id, link.name(), endpoint));
    }
    return new Linked(text(reply), links(link.place()));
  }

  /**
   * Whether a subject has no compatibility of its own, so that the registry's applies: for one that
   * has none Confluent's interface answers NONE here, as for one that wants none.
   */
  boolean hasNoRule(String subject) {
    if (!isApicurio) {
      return false;
    }
    Reply reply = requests.get(artifact("default", subject) + "/rules", endpoint.patience());
    if (isNone(reply)) {
      return true;
    }
    if (reply.status() != 200 || !reply.json().isArray()) {
      throw requests.unexpected(reply, "a list of rules");
    }
    for (JsonNode rule : reply.json()) {
      if (rule.asText().equals("COMPATIBILITY")) {
        return false;
      }
    }
    return true;
  }

  private String artifact(String group, String artifact) {
    return "%s/groups/%s/artifacts/%s"
        .formatted(url, Requests.encode(group), Requests.encode(artifact));
  }

  private String text(Reply reply) {
    if (reply.status() != 200 || reply.text().isEmpty()) {
      throw requests.unexpected(reply, "a schema");
    }
    return reply.text();
  }

  private static boolean isNone(Reply reply) {
    return reply.status() == 404 && reply.json().path("error_code").asInt() == 404;
  }
}
