package dev.millrace.transforms.contract;

import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.jspecify.annotations.Nullable;

/** The fields of a record, of the whole or of one within it. */
public final class RecordType implements Serializable {

  private final List<ContractField> fields;
  private final Map<String, ContractField> byName = new HashMap<>();

  private RecordType(List<ContractField> fields) {
    this.fields = List.copyOf(fields);
    for (ContractField field : fields) {
      for (String name : field.names()) {
        ContractField other = byName.putIfAbsent(name, field);
        if (other != null) {
          throw new IllegalArgumentException(
              "name '%s' stands for field '%s' and for field '%s'"
                  .formatted(name, other.path(), field.path()));
        }
      }
    }
  }

  /**
   * A record of fields that have no place yet.
   *
   * @throws IllegalArgumentException when a name or an alias stands for two of them
   */
  public static RecordType of(List<ContractField> fields) {
    return new RecordType(fields);
  }

  /** The record of one item of a list, or one value of a map. */
  public static RecordType ofOne(ContractField item) {
    return new RecordType(List.of(item));
  }

  /** In the contract's order. */
  public List<ContractField> fields() {
    return fields;
  }

  /** The field of this name or alias. */
  public @Nullable ContractField named(String nameOrAlias) {
    return byName.get(nameOrAlias);
  }

  /** This record with each field's path, and its index as {@code EventLayout} counts columns. */
  RecordType placed() {
    return placed("", new int[1]);
  }

  private RecordType placed(String prefix, int[] next) {
    List<ContractField> all = new ArrayList<>();
    for (ContractField field : fields) {
      String path = prefix + field.name();
      ValueType type = field.type();
      int index = type instanceof Nested && !field.nullable() ? -1 : next[0]++;
      if (type instanceof Nested nested) {
        type = new Nested(nested.record().placed(path + ".", next));
      } else if (type instanceof ListOf list) {
        type = new ListOf(placedAlone(path + "[]", list.item()));
      } else if (type instanceof MapOf map) {
        type = new MapOf(placedAlone(path + "[]", map.value()));
      }
      all.add(field.placed(type, path, index));
    }
    return new RecordType(all);
  }

  private static ContractField placedAlone(String path, ContractField item) {
    RecordType alone = ofOne(item).placed("", new int[1]);
    return alone.under(path).fields.get(0);
  }

  /** The same places, with the item's name in the paths replaced by the path of its list. */
  private RecordType under(String path) {
    return new RecordType(fields.stream().map(field -> under(path, field)).toList());
  }

  private static ContractField under(String path, ContractField field) {
    ValueType type = field.type();
    if (type instanceof Nested nested) {
      type = new Nested(nested.record().under(path));
    } else if (type instanceof ListOf list) {
      type = new ListOf(under(path, list.item()));
    } else if (type instanceof MapOf map) {
      type = new MapOf(under(path, map.value()));
    }
    return field.placed(
        type,
        field.path().replaceFirst("^[^.\\[]+", Matcher.quoteReplacement(path)),
        field.index());
  }

  /** Its fields as Beam knows them. */
  public Schema beamSchema() {
    return fields.stream()
        .map(field -> Field.of(field.name(), beamType(field)))
        .collect(Schema.toSchema());
  }

  private static FieldType beamType(ContractField field) {
    FieldType type;
    if (field.type() instanceof Scalar scalar) {
      type = beamType(scalar);
    } else if (field.type() instanceof ListOf list) {
      type = FieldType.array(beamType(list.item()));
    } else if (field.type() instanceof MapOf map) {
      type = FieldType.map(FieldType.STRING, beamType(map.value()));
    } else {
      type = FieldType.row(field.record().beamSchema());
    }
    return type.withNullable(field.nullable());
  }

  static FieldType beamType(Scalar scalar) {
    return switch (scalar.column()) {
      case ENUM -> FieldType.logicalType(EnumerationType.create(scalar.symbols()));
      case DECIMAL ->
          FieldType.logicalType(FixedPrecisionNumeric.of(scalar.precision(), scalar.scale()));
      default -> scalar.column().fieldType();
    };
  }
}
