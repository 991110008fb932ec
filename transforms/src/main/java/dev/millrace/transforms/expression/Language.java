package dev.millrace.transforms.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.EventLayout;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/** CEL as it is offered over one layout: each column is a variable of the column's type. */
final class Language {

  private static final CelOptions OPTIONS =
      CelOptions.current()
          // Of a NaN and an int, CEL's interpreter says that the NaN is the larger one.
          .enableHeterogeneousNumericComparisons(false)
          .evaluateCanonicalTypesToNativeValues(true)
          .build();

  /** Needs a CEL of its own: it takes only timestamps that are protobuf messages. */
  private static final CelValidator LITERALS =
      CelValidatorFactory.standardCelValidatorBuilder(CelFactory.standardCelBuilder().build())
          .addAstValidators(TimestampLiteralValidator.INSTANCE, DurationLiteralValidator.INSTANCE)
          .build();

  private final EventLayout layout;
  private final Cel cel;

  Language(EventLayout layout) {
    this.layout = layout;
    CelBuilder builder =
        CelFactory.standardCelBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings())
            .addRuntimeLibraries(CelExtensions.strings());
    for (Column column : layout.columns()) {
      if (column.type() != ColumnType.RECORD) {
        builder.addVar(column.name(), type(column));
      }
    }
    this.cel = builder.build();
  }

  private static CelType type(Column column) {
    CelType type = type(column.type(), column.fieldType());
    return column.nullable() ? NullableType.create(type) : type;
  }

  private static CelType type(ColumnType column, FieldType field) {
    return switch (column) {
      case BOOLEAN -> SimpleType.BOOL;
      case INT32, INT64 -> SimpleType.INT;
      case FLOAT, DOUBLE, DECIMAL -> SimpleType.DOUBLE;
      case TIMESTAMP, TIMESTAMP_MICROS, DATE -> SimpleType.TIMESTAMP;
      case STRING, ENUM, UUID -> SimpleType.STRING;
      case BYTES -> SimpleType.BYTES;
      case LIST -> ListType.create(item(Objects.requireNonNull(field.getCollectionElementType())));
      case MAP ->
          MapType.create(SimpleType.STRING, item(Objects.requireNonNull(field.getMapValueType())));
      case RECORD -> MapType.create(SimpleType.STRING, SimpleType.DYN);
    };
  }

  private static CelType item(FieldType type) {
    CelType known = type(ColumnType.of(type), type);
    return type.getNullable() ? NullableType.create(known) : known;
  }

  /**
   * Parses and type-checks.
   *
   * @throws ExpressionException when it is wrong
   */
  CelAbstractSyntaxTree check(String source) {
    CelAbstractSyntaxTree checked = orComplain(source, cel.compile(source));
    checkPatterns(source, checked);
    return orComplain(source, LITERALS.validate(checked));
  }

  /** CEL matches by RE2, while its own check of literals accepts what java.util.regex does. */
  private void checkPatterns(String source, CelAbstractSyntaxTree checked) {
    CelNavigableAst.fromAst(checked)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(e -> e.getKind() == Kind.CALL && e.call().function().equals("matches"))
        .map(e -> e.call().args().get(e.call().args().size() - 1))
        .filter(NodeCompiler::isText)
        .forEach(pattern -> checkPattern(source, checked, pattern));
  }

  private void checkPattern(String source, CelAbstractSyntaxTree checked, CelExpr pattern) {
    try {
      Pattern.compile(pattern.constant().stringValue());
    } catch (PatternSyntaxException e) {
      CelSource text = checked.getSource();
      int position = text.getPositionsMap().getOrDefault(pattern.id(), 0);
      CelSourceLocation place = text.getOffsetLocation(position).orElse(CelSourceLocation.of(1, 0));
      throw new Complaint(source, layout).aboutPattern(place, e.getDescription());
    }
  }

  private CelAbstractSyntaxTree orComplain(String source, CelValidationResult result) {
    if (result.hasError()) {
      throw new Complaint(source, layout).about(result.getErrors().get(0));
    }
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  CelRuntime.Program program(CelAbstractSyntaxTree checked) {
    try {
      return cel.createProgram(checked);
    } catch (CelEvaluationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The column type that holds an expression's result.
   *
   * @throws ExpressionException when none does
   */
  static ColumnType resultType(String source, CelType type) {
    return switch (type.kind()) {
      case BOOL -> ColumnType.BOOLEAN;
      case INT -> ColumnType.INT64;
      case DOUBLE -> ColumnType.DOUBLE;
      case STRING -> ColumnType.STRING;
      case BYTES -> ColumnType.BYTES;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      default -> throw Complaint.aboutResult(source, type);
    };
  }
}
