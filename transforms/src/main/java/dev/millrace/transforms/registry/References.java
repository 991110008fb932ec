package dev.millrace.transforms.registry;

import dev.millrace.transforms.registry.SchemaText.Reference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Follows what a schema refers to, as far as it goes. */
final class References {

  private static final int MOST = 200;

  /**
   * @param name as the schema writes it
   * @param place where the registry has the version that is meant
   */
  record Link(String name, String place) {}

  /** What stands at a link's place. */
  record Linked(String text, List<Link> links) {}

  private final SchemaId id;
  private final Function<Link, Linked> read;
  private final Map<String, String> textByName = new LinkedHashMap<>();
  private final Map<String, String> placeByName = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private References(SchemaId id, Function<Link, Linked> read) {
    this.id = id;
    this.read = read;
  }

  /**
   * The texts behind the links of a schema and all that they refer to, each after what it needs.
   *
   * @throws UnusableSchemaException when they go in a circle, are more than 200, or mean two
   *     different schemas by one name
   */
  static List<Reference> resolve(SchemaId id, List<Link> links, Function<Link, Linked> read) {
    References references = new References(id, read);
    links.forEach(references::follow);
    return references.textByName.entrySet().stream()
        .map(each -> new Reference(each.getKey(), each.getValue()))
        .toList();
  }

  private void follow(Link link) {
    if (!open.add(link.place)) {
      throw unusable("references in a circle", link, "ones that end");
    }
    String place = placeByName.putIfAbsent(link.name, link.place);
    if (place == null) {
      if (placeByName.size() > MOST) {
        throw unusable("more than " + MOST + " references", link, "fewer");
      }
      Linked linked = read.apply(link);
      linked.links.forEach(this::follow);
      textByName.put(link.name, linked.text);
    } else if (!place.equals(link.place)) {
      throw unusable("references to two versions of one schema", link, "one");
    }
    open.remove(link.place);
  }

  private UnusableSchemaException unusable(String found, Link link, String expected) {
    return new UnusableSchemaException(
        "%s: found %s (at '%s'), expected %s".formatted(id, found, link.name, expected));
  }
}
