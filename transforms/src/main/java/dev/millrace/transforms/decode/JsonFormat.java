package dev.millrace.transforms.decode;

/**
 * One JSON object a payload, with a field for each of the contract's, by its name or an alias.
 * Fields that the contract has not are ignored, whatever they hold; one that is missing takes the
 * contract's default.
 *
 * <p>JSON is read strictly (RFC 8259): nothing behind the object, no name twice, no NaN, no more
 * than 64 levels. A number is a JSON number and must fit its type; a timestamp is ISO-8601 text or
 * epoch milliseconds; bytes are base64; an enum is its symbol.
 *
 * <p>A payload is undecodable as {@code EMPTY}, {@code TOO_LARGE}, {@code MALFORMED} (naming the
 * field, what was found and what was expected), or {@code INVALID} (it lacks its id or time).
 */
public final class JsonFormat implements RecordFormat {

  private final Contract contract;
  private final int maxPayloadBytes;

  private JsonFormat(Contract contract, int maxPayloadBytes) {
    this.contract = contract;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  public static JsonFormat of(Contract contract) {
    return new JsonFormat(contract, PayloadLimit.DEFAULT);
  }

  /** The largest payload that is decoded. 1 MiB by default. */
  public JsonFormat withMaxPayloadBytes(int bytes) {
    return new JsonFormat(contract, PayloadLimit.of(bytes));
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public RecordDecoder open() {
    return new JsonRecordDecoder(contract, maxPayloadBytes);
  }
}
