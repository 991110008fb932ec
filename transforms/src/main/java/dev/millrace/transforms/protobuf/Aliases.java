package dev.millrace.transforms.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/**
 * Earlier names of a field, which a writer may still use, as a {@code .proto} file declares them:
 *
 * <pre>{@code
 * import "millrace.proto";
 * message Payment { string merchant = 3 [(millrace.aliases) = "shop"]; }
 * }</pre>
 */
public final class Aliases {

  private static final int NUMBER = 50771;

  private Aliases() {}

  /** A field's earlier names in the order declared; none where its file declares none. */
  public static List<String> of(FieldDescriptor field) {
    return isOurs(field.getFile())
        ? field.getOptions().getUnknownFields().getField(NUMBER).getLengthDelimitedList().stream()
            .map(ByteString::toStringUtf8)
            .toList()
        : List.of();
  }

  /** The number is one of those that are free to all, so it alone does not tell whose it is. */
  private static boolean isOurs(FileDescriptor file) {
    return file.toProto().getOptionDependencyList().contains(ProtoLinker.OURS)
        || ProtoLinker.closure(List.of(file)).stream()
            .filter(imported -> imported.getPackage().equals("millrace"))
            .map(imported -> imported.findExtensionByName("aliases"))
            .anyMatch(aliases -> aliases != null && aliases.getNumber() == NUMBER);
  }
}
