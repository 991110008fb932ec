package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import dev.millrace.pipelines.services.KinesisLocal;
import dev.millrace.transforms.secret.Secret;
import dev.millrace.transforms.transport.KinesisAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Streams of a server that does what Kinesis does, and their records. */
final class KinesisStreams implements AutoCloseable {

  static final String REGION = "eu-west-1";

  private static final int AT_ONCE = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] AGGREGATED = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};

  private final KinesisLocal server;
  private final Path accessKey;
  private final Path secretKey;
  private final KinesisAsyncClient client;

  /** Of a shard, where it is read next; null behind its end. */
  private final Map<String, String> iterators = new HashMap<>();

  KinesisStreams(Path folder) throws IOException {
    server = KinesisLocal.start(folder);
    accessKey = Files.writeString(folder.resolve("access-key"), "AKIAMILLRACE\n");
    secretKey = Files.writeString(folder.resolve("secret-key"), "canary-of-the-secret-key\n");
    client =
        new KinesisAccess(
                REGION,
                server.url(),
                new KinesisAccess.Keys(
                    Secret.of("secret:file:" + accessKey), Secret.of("secret:file:" + secretKey)),
                null)
            .client();
  }

  KinesisStreams with(int shards, String... names) throws InterruptedException {
    for (String name : names) {
      client.createStream(request -> request.streamName(name).shardCount(shards)).join();
      awaitActive(name);
    }
    return this;
  }

  /** What stands behind {@code kinesis:} in a specification, without its braces. */
  String spec(String stream) {
    return "stream: %s, region: %s, endpoint: \"%s\", accessKey: \"secret:file:%s\", secretKey: \"secret:file:%s\""
        .formatted(stream, REGION, server.url(), accessKey, secretKey);
  }

  /** As a client of a test asks. */
  KinesisAsyncClient client() {
    return client;
  }

  /** Puts payloads by keys of their own, so that they come to all shards. */
  void putEach(String stream, List<String> payloads) {
    put(stream, payloads.stream().map(payload -> entry(payload, payload)).toList());
  }

  void put(String stream, List<PutRecordsRequestEntry> entries) {
    for (int from = 0; from < entries.size(); from += AT_ONCE) {
      List<PutRecordsRequestEntry> some =
          entries.subList(from, Math.min(entries.size(), from + AT_ONCE));
      int refused =
          client
              .putRecords(request -> request.streamName(stream).records(some))
              .join()
              .failedRecordCount();
      if (refused > 0) {
        throw new IllegalStateException(refused + " records refused");
      }
    }
  }

  /** Puts payloads as one record, as a producer does that aggregates. */
  void putAggregated(String stream, List<String> payloads) throws IOException {
    byte[] packed = aggregated(payloads);
    client
        .putRecords(request -> request.streamName(stream).records(entry("packed", packed)))
        .join();
  }

  static PutRecordsRequestEntry entry(String key, String payload) {
    return entry(key, payload.getBytes(UTF_8));
  }

  private static PutRecordsRequestEntry entry(String key, byte[] data) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromByteArray(data))
        .build();
  }

  private static byte[] aggregated(List<String> payloads) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(message);
    for (int i = 0; i < payloads.size(); i++) {
      out.writeString(1, "key-" + i);
    }
    for (int i = 0; i < payloads.size(); i++) {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      CodedOutputStream fields = CodedOutputStream.newInstance(record);
      fields.writeUInt64(1, i);
      fields.writeByteArray(3, payloads.get(i).getBytes(UTF_8));
      fields.flush();
      out.writeByteArray(3, record.toByteArray());
    }
    out.flush();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(AGGREGATED);
    all.writeBytes(message.toByteArray());
    try {
      all.writeBytes(MessageDigest.getInstance("MD5").digest(message.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return all.toByteArray();
  }

  /** Splits an open shard in the middle of its keys. */
  void split(String stream) throws InterruptedException {
    Shard shard = open(stream).get(0);
    BigInteger first = new BigInteger(shard.hashKeyRange().startingHashKey());
    BigInteger last = new BigInteger(shard.hashKeyRange().endingHashKey());
    String middle = first.add(last).shiftRight(1).toString();
    client
        .splitShard(
            request ->
                request.streamName(stream).shardToSplit(shard.shardId()).newStartingHashKey(middle))
        .join();
    awaitActive(stream);
  }

  /** Merges the first two of the open shards, by their keys. */
  void merge(String stream) throws InterruptedException {
    List<Shard> open =
        open(stream).stream()
            .sorted(
                (one, other) ->
                    new BigInteger(one.hashKeyRange().startingHashKey())
                        .compareTo(new BigInteger(other.hashKeyRange().startingHashKey())))
            .toList();
    client
        .mergeShards(
            request ->
                request
                    .streamName(stream)
                    .shardToMerge(open.get(0).shardId())
                    .adjacentShardToMerge(open.get(1).shardId()))
        .join();
    awaitActive(stream);
  }

  private List<Shard> open(String stream) {
    return shards(stream).stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .toList();
  }

  private List<Shard> shards(String stream) {
    return client.listShards(request -> request.streamName(stream)).join().shards();
  }

  private void awaitActive(String stream) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (client
            .describeStreamSummary(request -> request.streamName(stream))
            .join()
            .streamDescriptionSummary()
            .streamStatus()
        != StreamStatus.ACTIVE) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(stream + " is not active");
      }
      Thread.sleep(50);
    }
  }

  /** Registers a consumer; its ARN. */
  String consumer(String stream, String name) throws InterruptedException {
    String arn =
        client
            .describeStreamSummary(request -> request.streamName(stream))
            .join()
            .streamDescriptionSummary()
            .streamARN();
    String consumer =
        client
            .registerStreamConsumer(request -> request.streamARN(arn).consumerName(name))
            .join()
            .consumer()
            .consumerARN();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (client
                .describeStreamConsumer(request -> request.consumerARN(consumer))
                .join()
                .consumerDescription()
                .consumerStatus()
            != ConsumerStatus.ACTIVE
        && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    return consumer;
  }

  /** What comes out of a stream, since the last time, until nothing came for so long. */
  List<Record> drain(String stream, Duration idle) throws InterruptedException {
    return drain(stream, idle, 0);
  }

  /** The same, but not before there are so many, if need be in two minutes. */
  List<Record> drain(String stream, Duration idle, int least) throws InterruptedException {
    List<Record> all = new ArrayList<>();
    long start = System.nanoTime();
    long last = start;
    do {
      int before = all.size();
      for (Shard shard : shards(stream)) {
        all.addAll(read(stream, shard.shardId()));
      }
      if (all.size() > before) {
        last = System.nanoTime();
      } else {
        Thread.sleep(50);
      }
    } while (System.nanoTime() - last < idle.toNanos()
        || (all.size() < least && System.nanoTime() - start < PATIENCE.toNanos()));
    return all;
  }

  private List<Record> read(String stream, String shard) {
    String key = stream + "/" + shard;
    if (!iterators.containsKey(key)) {
      iterators.put(
          key,
          client
              .getShardIterator(
                  request ->
                      request
                          .streamName(stream)
                          .shardId(shard)
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .join()
              .shardIterator());
    }
    String iterator = iterators.get(key);
    if (iterator == null) {
      return List.of();
    }
    GetRecordsResponse answer = client.getRecords(it -> it.shardIterator(iterator)).join();
    iterators.put(key, answer.nextShardIterator());
    return answer.records();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
