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

  private static final String NAME = "aliases";

  private Aliases() {}

  /** A field's earlier names in the order declared; none where its file declares none. */
  public static List<String> of(FieldDescriptor field) {
    for (FileDescriptor file : ProtoLinker.closure(field.getFile())) {
      FieldDescriptor aliases =
          file.getPackage().equals("millrace") ? file.findExtensionByName(NAME) : null;
      if (aliases != null) {
        return field
            .getOptions()
            .getUnknownFields()
            .getField(aliases.getNumber())
            .getLengthDelimitedList()
            .stream()
            .map(ByteString::toStringUtf8)
            .toList();
      }
    }
    return List.of();
  }
}
