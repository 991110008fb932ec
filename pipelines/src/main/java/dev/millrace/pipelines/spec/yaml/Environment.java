package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the environment into every text of a tree: {@code ${NAME}}, or {@code ${NAME:-default}} for
 * a variable that may be unset or empty. {@code $$} before a brace stands for one {@code $}. What a
 * variable holds is not looked at again. All variables that are missing are reported together.
 */
final class Environment {

  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)(}?)");
  private static final Pattern NAME = Pattern.compile("(?<name>[A-Za-z_]\\w*)(:-(?<default>.*))?");

  private final Function<String, @Nullable String> variables;
  private final List<String> problems = new ArrayList<>();

  private Environment(Function<String, @Nullable String> variables) {
    this.variables = variables;
  }

  static Tree expand(Tree tree, Function<String, @Nullable String> variables) {
    Environment environment = new Environment(variables);
    Tree expanded = environment.expand(tree);
    if (!environment.problems.isEmpty()) {
      throw new SpecException(environment.problems);
    }
    return expanded;
  }

  private Tree expand(Tree tree) {
    if (tree instanceof Tree.Text text) {
      return new Tree.Text(text.place(), expand(text));
    }
    if (tree instanceof Tree.Items list) {
      return new Tree.Items(list.place(), list.items().stream().map(this::expand).toList());
    }
    if (tree instanceof Tree.Entries map) {
      Map<String, Tree.Entry> entries = new LinkedHashMap<>();
      map.entries()
          .forEach((k, e) -> entries.put(k, new Tree.Entry(e.keyPlace(), expand(e.value()))));
      return new Tree.Entries(map.place(), entries);
    }
    return tree;
  }

  private String expand(Tree.Text text) {
    Matcher reference = REFERENCE.matcher(text.text());
    return reference.replaceAll(
        found -> {
          boolean escaped = !found.group(1).isEmpty();
          String value = escaped ? found.group().substring(1) : value(text, found.group());
          return Matcher.quoteReplacement(value);
        });
  }

  private String value(Tree.Text text, String reference) {
    boolean closed = reference.endsWith("}");
    Matcher name = NAME.matcher(reference.substring(2, reference.length() - (closed ? 1 : 0)));
    if (!closed || !name.matches()) {
      problems.add(
          "%s: found '%s', expected ${NAME} or ${NAME:-default}"
              .formatted(text.place(), reference));
      return reference;
    }
    String value = variables.apply(name.group("name"));
    String fallback = name.group("default");
    if (fallback != null && (value == null || value.isEmpty())) {
      return fallback;
    }
    if (value == null) {
      problems.add(
          "%s: found no environment variable %s, expected it to be set, or a default as in %s"
              .formatted(
                  text.place(), name.group("name"), "${" + name.group("name") + ":-default}"));
      return reference;
    }
    return value;
  }
}
