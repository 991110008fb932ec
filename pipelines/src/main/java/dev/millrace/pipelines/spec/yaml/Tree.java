package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a YAML text says, with the place of everything. Numbers are texts until they are read. */
sealed interface Tree {

  Place place();

  /** How an error names what was found. */
  String describe();

  record Text(Place place, String text) implements Tree {
    private static final int SHOWN = 60;

    @Override
    public String describe() {
      if (text.isEmpty()) {
        return "empty text";
      }
      return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + "'";
    }
  }

  record Items(Place place, List<Tree> items) implements Tree {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  record Entries(Place place, Map<String, Entry> entries) implements Tree {
    public Entries {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String describe() {
      return "a map";
    }
  }

  /**
   * No value. Written out as {@code null} it leaves an optional key out on purpose; a key with
   * nothing behind it is more likely forgotten than meant.
   */
  record Nothing(Place place, boolean writtenOut) implements Tree {
    @Override
    public String describe() {
      return writtenOut ? "null" : "nothing";
    }
  }

  /** A value under a key of a map. */
  record Entry(Place keyPlace, Tree value) {}
}
