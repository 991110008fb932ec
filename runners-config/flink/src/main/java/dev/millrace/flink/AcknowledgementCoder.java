package dev.millrace.flink;

import dev.millrace.transforms.step.Acknowledgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/**
 * Writes nothing, once what was sent is acknowledged. As a part of a checkpoint it is written on
 * the checkpoint's own thread: so a checkpoint is complete only when others have all that was sent
 * before it, and the task does not wait for that.
 */
final class AcknowledgementCoder extends AtomicCoder<Acknowledgement> {

  private static final long serialVersionUID = 1;

  @Override
  public void encode(Acknowledgement acknowledgement, OutputStream out) throws IOException {
    acknowledgement.await();
  }

  @Override
  public Acknowledgement decode(InputStream in) {
    return Acknowledgement.NONE;
  }
}
