package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.Place;
import dev.millrace.pipelines.spec.SpecException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns YAML into a {@link Tree}. Anchors and aliases work within limits that keep the tree small;
 * tags other than those of plain values are refused, as is a key that is given twice.
 */
final class YamlParser {

  static final int MAX_CHARACTERS = 1_000_000;
  private static final int MAX_NESTING = 30;
  private static final int MAX_ALIASES = 20;

  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);

  private final BiFunction<Integer, Integer, Place> places;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlParser(BiFunction<Integer, Integer, Place> places) {
    this.places = places;
  }

  /** Parses the text of a file; the places carry lines and columns. */
  static Tree parseFile(String file, String text) {
    return new YamlParser((line, column) -> new Place(file, line, column)).parse(text);
  }

  /** Parses a text that has no lines worth naming; everything in it has the one place. */
  static Tree parseAt(Place place, String text) {
    return new YamlParser((line, column) -> place).parse(text);
  }

  private Tree parse(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_CHARACTERS);
    limits.setNestingDepthLimit(MAX_NESTING);
    limits.setMaxAliasesForCollections(MAX_ALIASES);
    // Nothing is constructed here; tags are refused below, in the words of the other errors.
    limits.setTagInspector(tag -> true);
    Node root;
    try {
      root = new Yaml(limits).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw notYaml(place(e.getProblemMark()), e.getProblem());
    } catch (YAMLException e) {
      throw notYaml(places.apply(1, 1), String.valueOf(e.getMessage()));
    }
    return root == null
        ? new Tree.Nothing(places.apply(1, 1), false)
        : tree(root, place(root.getStartMark()));
  }

  private static SpecException notYaml(Place place, String problem) {
    return new SpecException(
        place,
        "found what is not YAML ("
            + problem.strip()
            + "), expected YAML; text that holds ': ', ' #', '{' or '[' needs quotes");
  }

  /**
   * A collection takes the place of the key it stands under: that is the line a person looks for.
   */
  private Tree tree(Node node, Place place) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    boolean plain = node.getTag().equals(node instanceof MappingNode ? Tag.MAP : Tag.SEQ);
    if (!plain) {
      throw tagged(node);
    }
    if (!open.add(node)) {
      throw new SpecException(place, "found an alias inside what it stands for, expected an end");
    }
    Tree tree =
        node instanceof MappingNode mapping
            ? entries(mapping, place)
            : items((CollectionNode<?>) node, place);
    open.remove(node);
    return tree;
  }

  private Tree scalar(ScalarNode scalar) {
    Place place = place(scalar.getStartMark());
    if (!PLAIN.contains(scalar.getTag())) {
      throw tagged(scalar);
    }
    return scalar.getTag().equals(Tag.NULL)
        ? new Tree.Nothing(place, !scalar.getValue().isEmpty())
        : new Tree.Text(place, scalar.getValue());
  }

  private Tree items(CollectionNode<?> node, Place place) {
    List<Tree> items = new ArrayList<>();
    for (Node item : ((SequenceNode) node).getValue()) {
      items.add(tree(item, place(item.getStartMark())));
    }
    return new Tree.Items(place, items);
  }

  private Tree entries(MappingNode node, Place place) {
    Map<String, Tree.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Place keyPlace = place(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new SpecException(keyPlace, "found a list or a map as a key, expected text");
      }
      Tree.Entry entry = new Tree.Entry(keyPlace, tree(tuple.getValueNode(), keyPlace));
      Tree.Entry first = entries.putIfAbsent(key.getValue(), entry);
      if (first != null) {
        throw new SpecException(
            keyPlace,
            "found '%s' a second time, the first is at %s, expected it once"
                .formatted(key.getValue(), first.keyPlace()));
      }
    }
    return new Tree.Entries(place, entries);
  }

  private SpecException tagged(Node node) {
    return new SpecException(
        place(node.getStartMark()),
        "found the tag '" + node.getTag().getValue() + "', expected a value without a tag");
  }

  private Place place(@Nullable Mark mark) {
    return mark == null
        ? places.apply(1, 1)
        : places.apply(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
