package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PayloadSpec;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.Limits;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.decode.UnknownFields;
import dev.millrace.transforms.registry.SchemaSource;
import java.util.Objects;

/** The format of records that have schemas, as a specification means it. */
final class Formats {

  private Formats() {}

  /**
   * Of records that say themselves by which schema they were written, if the specification says so.
   *
   * @throws IllegalArgumentException when the registry cannot know what the frame names
   */
  static RecordFormat of(FormatSpec.Framed spec, Contract contract) {
    return of(spec, contract, spec.framing() != FormatSpec.Framing.NONE);
  }

  /** Of records that stand without a frame, whatever the specification says, as those of files. */
  static RecordFormat unframed(FormatSpec.Framed spec, Contract contract) {
    return of(spec, contract, false);
  }

  private static RecordFormat of(FormatSpec.Framed spec, Contract contract, boolean framed) {
    if (spec instanceof FormatSpec.Protobuf) {
      ProtobufFormat format = ProtobufFormat.of(contract).withLimits(limits(spec));
      return framed ? format.framedBy(framing(spec), schemas(spec)) : format;
    }
    if (spec instanceof FormatSpec.Json json) {
      JsonFormat format =
          JsonFormat.of(contract)
              .withUnknownFields(UnknownFields.valueOf(json.unknownFields().name()))
              .withLimits(limits(spec));
      return framed ? format.framedBy(framing(spec), schemas(spec)) : format;
    }
    AvroFormat format = AvroFormat.of(contract).withLimits(limits(spec));
    if (!framed) {
      return format;
    }
    // Only a single object can be known without a registry: by the contract's own fingerprint.
    return spec.registry() == null
        ? format.asSingleObjects()
        : format.framedBy(framing(spec), schemas(spec));
  }

  static Framing framing(FormatSpec.Framed spec) {
    return Framing.valueOf(spec.framing().name());
  }

  /** Where the schemas are that frames name. */
  static SchemaSource schemas(FormatSpec.Framed spec) {
    return Schemas.of(Objects.requireNonNull(spec.registry()), spec.framing());
  }

  private static Limits limits(FormatSpec.Framed spec) {
    PayloadSpec.Limits given = spec.payloads().limits();
    Limits limits = Limits.DEFAULT;
    limits = given.bytes() == null ? limits : limits.withBytes(given.bytes());
    limits = given.depth() == null ? limits : limits.withDepth(given.depth());
    return given.items() == null ? limits : limits.withItems(given.items());
  }
}
