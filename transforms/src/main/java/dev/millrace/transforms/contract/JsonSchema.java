package dev.millrace.transforms.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.transforms.registry.SchemaText;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema within a JSON Schema document (drafts 7, 2019-09 and 2020-12), which knows its place and
 * follows references: to a JSON pointer or an anchor in its document, to an {@code $id}, and to the
 * other documents that came with it by their names.
 *
 * <p>Source: JSON Schema 2020-12 core, sections 8 and 9; draft 7, section 8; RFC 6901.
 */
public final class JsonSchema {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A default of a decimal keeps its digits.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** All that can be referred to, by its URI. */
  private final Map<String, JsonSchema> byUri;

  private final JsonNode node;
  private final String document;
  private final String pointer;
  private final String base;
  private final @Nullable JsonSchema root;

  private JsonSchema(
      Map<String, JsonSchema> byUri,
      JsonNode node,
      String document,
      String pointer,
      String base,
      @Nullable JsonSchema root) {
    this.byUri = byUri;
    this.node = node;
    this.document = document;
    this.pointer = pointer;
    boolean starts = startsDocument(node);
    this.root = starts ? null : root;
    this.base = starts ? under(base, node.get("$id").asText()) : base;
  }

  /**
   * The whole of a document.
   *
   * @throws IllegalArgumentException when it or one that it refers to is not JSON
   */
  public static JsonSchema parse(SchemaText text) {
    Map<String, JsonSchema> byUri = new HashMap<>();
    JsonSchema whole = parse(byUri, "", text.text());
    text.references().forEach(reference -> parse(byUri, reference.name(), reference.text()));
    return whole;
  }

  private static JsonSchema parse(Map<String, JsonSchema> byUri, String name, String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s#: found what is not JSON, expected a JSON Schema: %s"
              .formatted(name, e.getOriginalMessage()),
          e);
    }
    JsonSchema whole = new JsonSchema(byUri, node, name, "", name, null);
    byUri.put(name, whole);
    whole.index();
    return whole;
  }

  /** Notes all in this schema that has a URI of its own. */
  private void index() {
    if (root == null) {
      byUri.putIfAbsent(base, this);
    }
    for (String keyword : new String[] {"$anchor", "$id"}) {
      String anchor = text(keyword);
      if (anchor != null && (keyword.equals("$anchor") || anchor.startsWith("#"))) {
        byUri.putIfAbsent(base + "#" + anchor.replaceFirst("^#", ""), this);
      }
    }
    children().forEach(JsonSchema::index);
  }

  /** An {@code $id} of only a fragment is draft 7's way to write an anchor. */
  private static boolean startsDocument(JsonNode node) {
    return node.path("$id").isTextual() && !node.get("$id").asText().startsWith("#");
  }

  /** What stands here, as it is written. */
  public JsonNode node() {
    return node;
  }

  /** The value of a keyword; null where there is none. */
  public @Nullable JsonNode get(String keyword) {
    return node.get(keyword);
  }

  public boolean has(String keyword) {
    return node.has(keyword);
  }

  /** The value of a keyword that is text; null where there is none. */
  public @Nullable String text(String keyword) {
    JsonNode value = node.get(keyword);
    return value != null && value.isTextual() ? value.asText() : null;
  }

  /** The names of its types; by its values where it lists them alone; none for any. */
  public Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    JsonNode type = node.get("type");
    if (type != null && type.isArray()) {
      type.forEach(each -> types.add(each.asText()));
    } else if (type != null) {
      types.add(type.asText());
    } else {
      node.path("enum").forEach(each -> types.add(typeOf(each)));
    }
    return types;
  }

  private static String typeOf(JsonNode value) {
    return value.isIntegralNumber()
        ? "integer"
        : value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /** What stands under a keyword, or at an index, that there is. */
  public JsonSchema at(String key) {
    JsonSchema child = child(key);
    if (child == null) {
      throw refused("nothing", "'" + key + "'");
    }
    return child;
  }

  private @Nullable JsonSchema child(String key) {
    JsonNode child =
        node.isArray() && key.matches("\\d{1,9}") ? node.get(Integer.parseInt(key)) : node.get(key);
    String escaped = key.replace("~", "~0").replace("/", "~1");
    return child == null
        ? null
        : new JsonSchema(
            byUri, child, document, pointer + "/" + escaped, base, root == null ? this : root);
  }

  /** The members of an array, or the values of an object. */
  public List<JsonSchema> children() {
    List<JsonSchema> children = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        children.add(at(Integer.toString(i)));
      }
    } else {
      node.fieldNames().forEachRemaining(name -> children.add(at(name)));
    }
    return children;
  }

  /**
   * The schema that this one refers to, and if that one does so too the one behind it; this one
   * where it refers to none.
   *
   * @throws IllegalArgumentException naming the reference that leads nowhere or back to itself
   */
  public JsonSchema target() {
    Set<String> passed = new HashSet<>();
    JsonSchema target = this;
    while (target.text("$ref") != null) {
      if (!passed.add(target.place())) {
        throw refused("a $ref that comes back to itself", "one that leads to a type");
      }
      target = target.referred();
    }
    return target;
  }

  /** The schema that its {@code $ref} names. */
  JsonSchema referred() {
    String ref = String.valueOf(text("$ref"));
    int hash = ref.indexOf('#');
    String uri = hash < 0 ? ref : ref.substring(0, hash);
    String fragment = hash < 0 ? "" : ref.substring(hash + 1);
    JsonSchema found = uri.isEmpty() ? (root == null ? this : root) : resource(uri);
    if (found != null && fragment.startsWith("/")) {
      found = found.behind(fragment);
    } else if (found != null && !fragment.isEmpty()) {
      found = byUri.get(found.base + "#" + fragment);
    }
    if (found == null) {
      List<String> names = byUri.keySet().stream().filter(n -> !n.isEmpty()).sorted().toList();
      throw at("$ref").refused("'" + ref + "'", "a place in the schema, or one of " + names);
    }
    return found;
  }

  private @Nullable JsonSchema resource(String uri) {
    JsonSchema found = byUri.get(under(base, uri));
    // A registry keeps a reference by the name that the schema writes, relative or not.
    return found == null ? byUri.get(uri) : found;
  }

  private @Nullable JsonSchema behind(String fragment) {
    JsonSchema found = this;
    for (String part : fragment.substring(1).split("/", -1)) {
      String key = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
      found = found.child(key.replace("~1", "/").replace("~0", "~"));
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  private static String under(String base, String uri) {
    try {
      return URI.create(base).resolve(uri).toString().replaceFirst("#$", "");
    } catch (IllegalArgumentException e) {
      return uri;
    }
  }

  /** Under what it stands: a property's name. Empty for the whole of a document. */
  public String key() {
    String last = pointer.substring(pointer.lastIndexOf('/') + 1);
    return last.replace("~1", "/").replace("~0", "~");
  }

  /** Where this is: {@code #/properties/amount}, behind the document's name if not the first. */
  public String place() {
    return document + "#" + pointer;
  }

  /** For a message: the place, what was found there and what was expected. */
  public IllegalArgumentException refused(String found, String expected) {
    return new IllegalArgumentException(
        "%s: found %s, expected %s".formatted(place(), found, expected));
  }
}
