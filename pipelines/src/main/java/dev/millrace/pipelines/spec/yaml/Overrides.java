package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.Place;
import dev.millrace.pipelines.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that the command line puts in place of those in the file, {@code path.to.key=value}.
 *
 * <p>The path is made of keys and, in lists, of indexes: {@code decide.rules.0.when}; the index
 * after the last adds an item, and maps that are missing are made. A value that begins with a
 * bracket, a brace or a quote is read as YAML; any other is taken as it stands, so that an
 * expression needs no second quoting. {@code null} leaves an optional key out. Relative paths of
 * files are relative to the working directory here, and to the file's folder in a file. Of two
 * values for one path the later wins.
 */
public final class Overrides {

  private final List<Assignment> assignments;

  private Overrides(List<Assignment> assignments) {
    this.assignments = List.copyOf(assignments);
  }

  /** Leaves the file as it is. */
  public static Overrides none() {
    return new Overrides(List.of());
  }

  /**
   * Parses each {@code path.to.key=value}.
   *
   * @throws SpecException whose place is {@code --set path.to.key}
   */
  public static Overrides parse(List<String> written) {
    List<Assignment> assignments = new ArrayList<>();
    for (String each : written) {
      int equals = each.indexOf('=');
      String path = equals < 0 ? each : each.substring(0, equals).strip();
      Place place = Place.of("--set " + path);
      List<String> keys = List.of(path.split("\\.", -1));
      if (equals < 0) {
        throw new SpecException(place, "found no '=', expected path.to.key=value");
      }
      if (keys.contains("")) {
        throw new SpecException(place, "found an empty key in the path, expected path.to.key");
      }
      assignments.add(new Assignment(place, keys, value(place, each.substring(equals + 1))));
    }
    return new Overrides(assignments);
  }

  Tree apply(Tree tree) {
    Tree changed = tree;
    for (Assignment assignment : assignments) {
      changed = assignment.set(changed, 0);
    }
    return changed;
  }

  private static Tree value(Place place, String written) {
    String text = written.strip();
    if (text.isEmpty() || text.equals("null")) {
      return new Tree.Nothing(place, !text.isEmpty());
    }
    return "[{\"'".indexOf(text.charAt(0)) >= 0
        ? YamlParser.parseAt(place, text)
        : new Tree.Text(place, text);
  }

  private record Assignment(Place place, List<String> keys, Tree value) {

    Tree set(@Nullable Tree tree, int depth) {
      if (depth == keys.size()) {
        return value;
      }
      String key = keys.get(depth);
      if (tree == null || tree instanceof Tree.Nothing) {
        boolean list = isIndex(key);
        Tree empty = list ? new Tree.Items(place, List.of()) : new Tree.Entries(place, Map.of());
        return set(empty, depth);
      }
      if (tree instanceof Tree.Entries map) {
        return setEntry(map, depth);
      }
      if (tree instanceof Tree.Items list) {
        return setItem(list, depth);
      }
      throw new SpecException(
          place, "found %s at '%s', expected a map".formatted(tree.describe(), upTo(depth)));
    }

    private Tree setEntry(Tree.Entries map, int depth) {
      Map<String, Tree.Entry> entries = new LinkedHashMap<>(map.entries());
      // A key may hold dots itself, as those of Kafka's settings do: the longest that is there
      // wins.
      int end = keys.size();
      while (end > depth + 1 && !entries.containsKey(join(depth, end))) {
        end--;
      }
      String key = join(depth, end);
      Tree.Entry old = entries.get(key);
      Tree changed = set(old == null ? null : old.value(), end);
      entries.put(key, new Tree.Entry(old == null ? place : old.keyPlace(), changed));
      return new Tree.Entries(map.place(), entries);
    }

    private Tree setItem(Tree.Items list, int depth) {
      String key = keys.get(depth);
      int size = list.items().size();
      int index = isIndex(key) ? Integer.parseInt(key) : Integer.MAX_VALUE;
      if (index > size) {
        throw new SpecException(
            place,
            "found '%s' for the list at '%s', expected an index from 0 to %d, which adds an item"
                .formatted(key, upTo(depth), size));
      }
      List<Tree> items = new ArrayList<>(list.items());
      if (index == size) {
        items.add(set(null, depth + 1));
      } else {
        items.set(index, set(items.get(index), depth + 1));
      }
      return new Tree.Items(list.place(), items);
    }

    private String upTo(int depth) {
      return join(0, depth);
    }

    private String join(int from, int to) {
      return String.join(".", keys.subList(from, to));
    }

    private static boolean isIndex(String key) {
      return key.matches("\\d{1,6}");
    }
  }
}
