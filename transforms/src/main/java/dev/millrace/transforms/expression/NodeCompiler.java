package dev.millrace.transforms.expression;

import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the closures of a type-checked expression. */
final class NodeCompiler {

  private final CelAbstractSyntaxTree ast;
  private final EventLayout layout;

  private NodeCompiler(CelAbstractSyntaxTree ast, EventLayout layout) {
    this.ast = ast;
    this.layout = layout;
  }

  /** The closures, or nothing where a part of the expression has none. */
  static Optional<Node> compile(CelAbstractSyntaxTree ast, EventLayout layout) {
    try {
      return Optional.of(new NodeCompiler(ast, layout).node(ast.getExpr()));
    } catch (NotCompiled | DateTimeException e) {
      return Optional.empty();
    }
  }

  private Node node(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr.constant());
      case IDENT, SELECT -> ColumnNodes.of(column(expr));
      case CALL -> call(expr);
      default -> throw new NotCompiled();
    };
  }

  private static Node constant(CelConstant constant) {
    switch (constant.getKind()) {
      case BOOLEAN_VALUE -> {
        boolean value = constant.booleanValue();
        return (BooleanNode) event -> value;
      }
      case INT64_VALUE -> {
        long value = constant.int64Value();
        return (LongNode) event -> value;
      }
      case DOUBLE_VALUE -> {
        double value = constant.doubleValue();
        return (DoubleNode) event -> value;
      }
      case STRING_VALUE -> {
        String value = constant.stringValue();
        return (StringNode) event -> value;
      }
      case BYTES_VALUE -> {
        byte[] value = constant.bytesValue().toByteArray();
        return (BytesNode) event -> value.clone();
      }
      default -> throw new NotCompiled();
    }
  }

  private static boolean isColumn(CelExpr expr) {
    return expr.getKind() == Kind.IDENT || expr.getKind() == Kind.SELECT;
  }

  private Column column(CelExpr expr) {
    // A field of a nested record is one name with dots in it, once the types are checked.
    return ast.getReference(expr.id())
        .map(CelReference::name)
        .filter(layout::has)
        .map(layout::column)
        .orElseThrow(NotCompiled::new);
  }

  private Node call(CelExpr expr) {
    CelCall call = expr.call();
    List<CelExpr> arguments = Stream.concat(call.target().stream(), call.args().stream()).toList();
    List<String> overloads = ast.getReferenceOrThrow(expr.id()).overloadIds();
    if (overloads.size() != 1) {
      throw new NotCompiled();
    }
    String overload = overloads.get(0);
    return switch (overload) {
      case "conditional" -> conditional(arguments);
      case "logical_and" -> and(arguments.get(0), arguments.get(1));
      case "logical_or" -> or(arguments.get(0), arguments.get(1));
      case "equals" -> equality(arguments.get(0), arguments.get(1));
      case "not_equals" -> {
        BooleanNode equality = equality(arguments.get(0), arguments.get(1));
        yield (BooleanNode) event -> !equality.test(event);
      }
      case "in_list" -> in(arguments.get(0), arguments.get(1));
      case "matches", "matches_string" -> matches(arguments.get(0), arguments.get(1));
      case "string_to_timestamp" -> TimestampParts.literal(literal(arguments.get(0)));
      default -> timestampPart(overload, arguments);
    };
  }

  private Node timestampPart(String overload, List<CelExpr> arguments) {
    if (TimestampParts.knows(overload)) {
      return TimestampParts.utc(overload, timestamp(arguments.get(0)));
    }
    if (TimestampParts.knowsWithZone(overload)) {
      String zone = literal(arguments.get(1));
      return TimestampParts.inZone(overload, timestamp(arguments.get(0)), zone);
    }
    return Operators.apply(overload, arguments.stream().map(this::node).toList());
  }

  private TimestampNode timestamp(CelExpr expr) {
    return Operators.cast(TimestampNode.class, node(expr));
  }

  private BooleanNode condition(CelExpr expr) {
    return Operators.cast(BooleanNode.class, node(expr));
  }

  private Node conditional(List<CelExpr> arguments) {
    BooleanNode when = condition(arguments.get(0));
    Node then = node(arguments.get(1));
    Node otherwise = node(arguments.get(2));
    if (then instanceof LongNode a && otherwise instanceof LongNode b) {
      return (LongNode) e -> when.test(e) ? a.get(e) : b.get(e);
    }
    if (then instanceof DoubleNode a && otherwise instanceof DoubleNode b) {
      return (DoubleNode) e -> when.test(e) ? a.get(e) : b.get(e);
    }
    if (then instanceof BooleanNode a && otherwise instanceof BooleanNode b) {
      return (BooleanNode) e -> when.test(e) ? a.test(e) : b.test(e);
    }
    if (then instanceof StringNode a && otherwise instanceof StringNode b) {
      return (StringNode) e -> when.test(e) ? a.get(e) : b.get(e);
    }
    if (then instanceof TimestampNode a && otherwise instanceof TimestampNode b) {
      return (TimestampNode) e -> when.test(e) ? a.millis(e) : b.millis(e);
    }
    throw new NotCompiled();
  }

  /** False wins over an error on either side. */
  private BooleanNode and(CelExpr leftExpr, CelExpr rightExpr) {
    BooleanNode left = condition(leftExpr);
    BooleanNode right = condition(rightExpr);
    if (nullAsOperand(leftExpr)) {
      return e -> left.test(e) && right.test(e);
    }
    return e -> {
      boolean first;
      try {
        first = left.test(e);
      } catch (EvaluationException failure) {
        if (right.test(e)) {
          throw failure;
        }
        return false;
      }
      return first && right.test(e);
    };
  }

  /** True wins over an error on either side. */
  private BooleanNode or(CelExpr leftExpr, CelExpr rightExpr) {
    BooleanNode left = condition(leftExpr);
    BooleanNode right = condition(rightExpr);
    if (nullAsOperand(leftExpr)) {
      return e -> left.test(e) || right.test(e);
    }
    return e -> {
      boolean first;
      try {
        first = left.test(e);
      } catch (EvaluationException failure) {
        if (!right.test(e)) {
          throw failure;
        }
        return true;
      }
      return first || right.test(e);
    };
  }

  /**
   * Whether the left operand of a connective may be null itself: CEL's interpreter lets no right
   * operand make up for that, other than for an error.
   */
  private boolean nullAsOperand(CelExpr expr) {
    if (!isColumn(expr) && mayBeNull(expr)) {
      throw new NotCompiled();
    }
    return mayBeNull(expr);
  }

  private BooleanNode equality(CelExpr left, CelExpr right) {
    if (isNullLiteral(right)) {
      return column(left)::isNull;
    }
    if (isNullLiteral(left)) {
      return column(right)::isNull;
    }
    Column leftColumn = nullableColumn(left);
    Column rightColumn = nullableColumn(right);
    return leftColumn == null && rightColumn == null
        ? Equality.of(node(left), node(right))
        : Equality.ofNullable(node(left), leftColumn, node(right), rightColumn);
  }

  private BooleanNode in(CelExpr value, CelExpr list) {
    if (list.getKind() != Kind.LIST) {
      throw new NotCompiled();
    }
    List<Object> constants = new ArrayList<>();
    for (CelExpr element : list.list().elements()) {
      if (element.getKind() != Kind.CONSTANT) {
        throw new NotCompiled();
      }
      CelConstant constant = element.constant();
      switch (constant.getKind()) {
        case INT64_VALUE -> constants.add(constant.int64Value());
        case STRING_VALUE -> constants.add(constant.stringValue());
        default -> throw new NotCompiled();
      }
    }
    return Equality.oneOf(node(value), nullableColumn(value), constants);
  }

  /** The column that is compared as a value, null included. */
  private @Nullable Column nullableColumn(CelExpr expr) {
    if (!mayBeNull(expr)) {
      return null;
    }
    if (!isColumn(expr)) {
      throw new NotCompiled();
    }
    return column(expr);
  }

  private boolean mayBeNull(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT, SELECT -> column(expr).nullable();
      case CALL -> {
        List<CelExpr> arguments = expr.call().args();
        yield expr.call().function().equals("_?_:_")
            && (mayBeNull(arguments.get(1)) || mayBeNull(arguments.get(2)));
      }
      default -> isNullLiteral(expr);
    };
  }

  private static boolean isNullLiteral(CelExpr expr) {
    return expr.getKind() == Kind.CONSTANT
        && expr.constant().getKind() == CelConstant.Kind.NULL_VALUE;
  }

  /** The pattern is compiled once; that it is right was checked with the types. */
  private BooleanNode matches(CelExpr value, CelExpr pattern) {
    StringNode text = Operators.cast(StringNode.class, node(value));
    Pattern compiled = Pattern.compile(literal(pattern));
    return e -> compiled.matcher(text.get(e)).find();
  }

  private static String literal(CelExpr expr) {
    if (!isText(expr)) {
      throw new NotCompiled();
    }
    return expr.constant().stringValue();
  }

  static boolean isText(CelExpr expr) {
    return expr.getKind() == Kind.CONSTANT
        && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }
}
