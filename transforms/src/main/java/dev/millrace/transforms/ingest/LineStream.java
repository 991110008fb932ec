package dev.millrace.transforms.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, without their line feed and a carriage return before it; an UTF-8 byte order
 * mark at the very start is left out. Holds one line at a time, and of a line longer than {@link
 * #LONGEST} only as much: whoever decodes it refuses it by its size. What there is of a line that
 * is cut off by damage is told with the damage.
 */
public final class LineStream implements RecordStream {

  static final int LONGEST = 16 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private int from;
  private int to;
  private long passed;
  private long number;
  private @Nullable DamagedException damage;

  public LineStream(InputStream in) {
    this.in = in;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    if (damage != null) {
      return null;
    }
    line.reset();
    long start = passed;
    boolean any = false;
    while (from < to || fill()) {
      any = true;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, from, Math.min(end - from, LONGEST - line.size()));
      boolean complete = end < to;
      passed += end - from + (complete ? 1 : 0);
      from = complete ? end + 1 : end;
      if (complete) {
        break;
      }
    }
    if (damage != null) {
      number++;
      throw damage.with(start, line.toByteArray());
    }
    if (!any) {
      return null;
    }
    number++;
    return trimmed(line.toByteArray());
  }

  @Override
  public long position() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    from = 0;
    to = 0;
    try {
      to = Math.max(0, in.read(buffer));
    } catch (DamagedException e) {
      damage = e;
    }
    return to > 0;
  }

  private byte[] trimmed(byte[] bytes) {
    boolean mark =
        number == 1
            && bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    int start = mark ? 3 : 0;
    int end = bytes.length;
    if (end > start && bytes[end - 1] == '\r') {
      end--;
    }
    return start == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, end);
  }
}
