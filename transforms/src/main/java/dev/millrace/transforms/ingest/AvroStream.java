package dev.millrace.transforms.ingest;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.ingest.AvroBlocks.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The records of an Avro container file, each resolved from the file's schema to a reader's and
 * written again as plain binary of the reader's: what follows then decodes all files alike,
 * whichever schema each was written with.
 *
 * <p>A block is read when it is whole, or not at all: it has no checksum, and of records behind or
 * before a wrong byte nobody could tell whether they are what was written. A record of a whole
 * block that the reader's schema cannot hold is damaged alone.
 */
final class AvroStream implements RecordStream {

  private final AvroBlocks blocks;
  private final Frames frames = new Frames();
  private final DataFileReader<GenericRecord> file;
  private final GenericDatumReader<GenericRecord> reader;
  private final GenericDatumWriter<GenericRecord> writer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
  private @Nullable BinaryDecoder decoder;
  private @Nullable GenericRecord reused;

  private byte[] block = {};
  private int start;
  private int[] ends = {};
  private int next;
  private long number;

  /**
   * @throws DamagedException of the whole file
   */
  AvroStream(InputStream in, Schema schema) throws IOException {
    this.blocks = new AvroBlocks(in);
    this.reader = new GenericDatumReader<>(null, schema);
    this.writer = new GenericDatumWriter<>(schema);
    byte[] header = blocks.header();
    frames.give(header);
    try {
      this.file = new DataFileReader<>(frames, reader);
    } catch (IOException | RuntimeException e) {
      throw DamagedException.from(
          0, header, "found a header that is none (%s)".formatted(DamagedException.cause(e)), e);
    }
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    try {
      while (next == ends.length) {
        Block found = blocks.next();
        if (found == null) {
          return null;
        }
        open(found);
      }
      number++;
    } catch (DamagedException e) {
      number++;
      throw e;
    }
    return resolved();
  }

  private void open(Block found) throws DamagedException {
    next = 0;
    ends = new int[0];
    try {
      ByteBuffer bytes = ByteBuffer.allocate(0);
      if (found.count() > 0) {
        frames.give(found.frame());
        file.seek(0);
        bytes = file.nextBlock();
      }
      block = bytes.array();
      start = bytes.arrayOffset() + bytes.position();
      int end = start + bytes.remaining();
      ends = AvroRecordEnds.of(file.getSchema(), found.count(), block, start, end);
    } catch (IOException | RuntimeException e) {
      throw DamagedException.between(
          found.start(),
          found.end(),
          found.frame(),
          "found a block that does not hold %d records (%s)"
              .formatted(found.count(), DamagedException.cause(e)),
          e);
    }
  }

  private byte[] resolved() throws DamagedException {
    int from = start;
    start = ends[next++];
    try {
      decoder = DecoderFactory.get().binaryDecoder(block, from, start - from, decoder);
      GenericRecord record = reader.read(reused, decoder);
      reused = record;
      out.reset();
      writer.write(record, encoder);
      return out.toByteArray();
    } catch (IOException | RuntimeException e) {
      reused = null;
      throw DamagedException.record(
          e instanceof AvroTypeException ? Reason.INCOMPATIBLE_SCHEMA : Reason.MALFORMED,
          Arrays.copyOfRange(block, from, start),
          "found a record that cannot be read as the contract (%s)"
              .formatted(DamagedException.cause(e)),
          e);
    }
  }

  @Override
  public long position() {
    return number;
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }

  /** What Avro's reader is given to read: the header, then one block at a time. */
  private static final class Frames implements SeekableInput {

    private SeekableByteArrayInput bytes = new SeekableByteArrayInput(new byte[0]);

    void give(byte[] frame) {
      bytes = new SeekableByteArrayInput(frame);
    }

    @Override
    public void seek(long position) throws IOException {
      bytes.seek(position);
    }

    @Override
    public long tell() throws IOException {
      return bytes.tell();
    }

    @Override
    public long length() throws IOException {
      return bytes.length();
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      return bytes.read(to, offset, length);
    }

    @Override
    public void close() {}
  }
}
