package dev.millrace.transforms.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.EventLayout;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.UuidLogicalType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decisions of a pipeline that was changed, and a consumer that has not been yet, or has. */
class DecisionSchemaTest {

  private static final org.apache.beam.sdk.schemas.Schema EVENT =
      org.apache.beam.sdk.schemas.Schema.builder().addStringField("id").build();

  static List<FieldType> types() {
    return List.of(
        FieldType.BOOLEAN,
        FieldType.INT32,
        FieldType.INT64,
        FieldType.FLOAT,
        FieldType.DOUBLE,
        FieldType.STRING,
        FieldType.BYTES,
        FieldType.DATETIME,
        FieldType.logicalType(new MicrosInstant()),
        FieldType.logicalType(SqlTypes.DATE),
        FieldType.logicalType(new UuidLogicalType()),
        FieldType.logicalType(FixedPrecisionNumeric.of(9, 2)),
        FieldType.array(FieldType.DOUBLE),
        FieldType.map(FieldType.STRING, FieldType.INT64),
        FieldType.row(EVENT),
        FieldType.DOUBLE.withNullable(true));
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_column_more_or_less_breaks_no_reader_of_old_or_new_decisions(FieldType type) {
    EventLayout layout = EventLayout.of(EVENT);
    Schema before = DecisionSchema.of("payments", layout);
    Schema after = DecisionSchema.of("payments", layout.plus(List.of(Field.of("more", type))));
    assertThat(readable(after, before)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(readable(before, after)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void what_stands_before_the_columns_has_defaults_where_it_was_added() {
    Schema now = DecisionSchema.of("payments", EventLayout.of(EVENT));
    List<Schema.Field> first =
        now.getFields().stream()
            .filter(field -> !field.name().equals("origin_message"))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    Schema before = Schema.createRecord("Decision", null, "dev.millrace", false, first);
    assertThat(readable(now, before)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  private static SchemaCompatibilityType readable(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }
}
