package dev.millrace.transforms.ingest;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** A stream in memory, which answers at once unless it is told not to. */
final class FakeKinesis implements KinesisAsyncClient {

  static final BigInteger END = BigInteger.ONE.shiftLeft(128);

  /** What a list of shards gives at a time, so that there are several parts. */
  private static final int LISTED_AT_ONCE = 2;

  private final List<Shard> shards = new ArrayList<>();
  private final Map<String, List<Record>> records = new HashMap<>();
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private int number;

  /** Requests for an iterator: where reading was begun. */
  final List<GetShardIteratorRequest> begun = new ArrayList<>();

  /** How many requests for records there were. */
  int asked;

  /** Never answers, while set. */
  boolean silent;

  /** How far behind the newest record each answer says it is, in milliseconds. */
  long behind;

  boolean closed;

  /** Opens a shard of the hashes from {@code first} up to but without {@code end}. */
  String open(BigInteger first, BigInteger end, String... parents) {
    String id = "shardId-%012d".formatted(shards.size());
    shards.add(
        Shard.builder()
            .shardId(id)
            .parentShardId(parents.length > 0 ? parents[0] : null)
            .adjacentParentShardId(parents.length > 1 ? parents[1] : null)
            .hashKeyRange(
                range ->
                    range
                        .startingHashKey(first.toString())
                        .endingHashKey(end.subtract(BigInteger.ONE).toString()))
            .sequenceNumberRange(range -> range.startingSequenceNumber("0"))
            .build());
    records.put(id, new ArrayList<>());
    return id;
  }

  /** A shard of the hashes from so many hundredths of all to so many. */
  String open(int from, int to, String... parents) {
    return open(hundredth(from), hundredth(to), parents);
  }

  private static BigInteger hundredth(int part) {
    return END.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(100));
  }

  void close(String id) {
    shards.replaceAll(
        shard ->
            shard.shardId().equals(id)
                ? shard.toBuilder()
                    .sequenceNumberRange(
                        range -> range.startingSequenceNumber("0").endingSequenceNumber("9"))
                    .build()
                : shard);
  }

  /** Keeps a shard no longer. */
  void expire(String id) {
    shards.removeIf(shard -> shard.shardId().equals(id));
    records.remove(id);
  }

  /** Puts a record, whose sequence number is how many there were before. */
  void put(String shard, String key, byte[] data) {
    number++;
    of(shard)
        .add(
            Record.builder()
                .sequenceNumber(Integer.toString(number))
                .partitionKey(key)
                .data(SdkBytes.fromByteArray(data))
                .approximateArrivalTimestamp(Instant.ofEpochMilli(number))
                .build());
  }

  /** Puts a record to the open shard that has its key, as Kinesis does. */
  void put(String key, byte[] data) {
    for (Shard shard : List.copyOf(shards)) {
      BigInteger first = KeyRange.first(shard);
      BigInteger last = new BigInteger(shard.hashKeyRange().endingHashKey());
      if (shard.sequenceNumberRange().endingSequenceNumber() == null
          && new KeyRange(first, last).has(key, all())) {
        put(shard.shardId(), key, data);
      }
    }
  }

  private static Shard all() {
    return Shard.builder()
        .hashKeyRange(
            range ->
                range.startingHashKey("0").endingHashKey(END.subtract(BigInteger.ONE).toString()))
        .build();
  }

  private List<Record> of(String shard) {
    return Objects.requireNonNull(records.get(shard));
  }

  /** The next requests for records are answered so. */
  void fail(RuntimeException... next) {
    failures.addAll(List.of(next));
  }

  @Override
  public CompletableFuture<ListShardsResponse> listShards(ListShardsRequest request) {
    if (silent) {
      return new CompletableFuture<>();
    }
    int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    int to = Math.min(shards.size(), from + LISTED_AT_ONCE);
    return CompletableFuture.completedFuture(
        ListShardsResponse.builder()
            .shards(shards.subList(from, to))
            .nextToken(to < shards.size() ? Integer.toString(to) : null)
            .build());
  }

  @Override
  public CompletableFuture<GetShardIteratorResponse> getShardIterator(
      GetShardIteratorRequest request) {
    begun.add(request);
    List<Record> all = of(request.shardId());
    int from = 0;
    if (request.shardIteratorType() == ShardIteratorType.AFTER_SEQUENCE_NUMBER) {
      while (from < all.size() && !isBehind(all.get(from), request.startingSequenceNumber())) {
        from++;
      }
    }
    return CompletableFuture.completedFuture(
        GetShardIteratorResponse.builder().shardIterator(request.shardId() + "@" + from).build());
  }

  private static boolean isBehind(Record record, String number) {
    return Integer.parseInt(record.sequenceNumber()) > Integer.parseInt(number);
  }

  @Override
  public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
    asked++;
    if (silent) {
      return new CompletableFuture<>();
    }
    RuntimeException failure = failures.poll();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    String[] place = request.shardIterator().split("@", -1);
    List<Record> all = of(place[0]);
    List<Record> some = List.copyOf(all.subList(Integer.parseInt(place[1]), all.size()));
    return CompletableFuture.completedFuture(
        GetRecordsResponse.builder()
            .records(some)
            .millisBehindLatest(behind)
            .nextShardIterator(isClosed(place[0]) ? null : place[0] + "@" + all.size())
            .build());
  }

  private boolean isClosed(String id) {
    return shards.stream()
        .anyMatch(
            shard ->
                shard.shardId().equals(id)
                    && shard.sequenceNumberRange().endingSequenceNumber() != null);
  }

  @Override
  public @Nullable String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    closed = true;
  }
}
