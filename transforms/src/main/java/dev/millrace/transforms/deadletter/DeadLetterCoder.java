package dev.millrace.transforms.deadletter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Writes a dead letter between steps as it is written outside. */
public final class DeadLetterCoder extends CustomCoder<DeadLetter> {

  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private DeadLetterCoder() {}

  public static DeadLetterCoder of() {
    return new DeadLetterCoder();
  }

  @Override
  public void encode(DeadLetter letter, OutputStream out) throws IOException {
    BYTES.encode(DeadLetterAvro.write(new byte[0], letter), out);
  }

  @Override
  public DeadLetter decode(InputStream in) throws IOException {
    return DeadLetterAvro.read(BYTES.decode(in), 0);
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeadLetterCoder;
  }

  @Override
  public int hashCode() {
    return DeadLetterCoder.class.hashCode();
  }
}
