package dev.millrace.transforms.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * The shards of a stream, closed ones included for as long as their records are kept, and in which
 * order one reader reads those that have keys of its range: a shard after its parents, of which
 * there is one after a split and two after a merge.
 */
record StreamShards(List<Shard> all) {

  StreamShards {
    all = List.copyOf(all);
  }

  /** Asks for them; the answer is in parts. */
  static CompletableFuture<StreamShards> list(KinesisAsyncClient client, String stream) {
    return more(client, stream, null, new ArrayList<>()).thenApply(StreamShards::new);
  }

  private static CompletableFuture<List<Shard>> more(
      KinesisAsyncClient client, String stream, @Nullable String token, List<Shard> found) {
    CompletableFuture<ListShardsResponse> part =
        token == null
            ? client.listShards(request -> request.streamName(stream))
            : client.listShards(request -> request.nextToken(token));
    return part.thenCompose(
        response -> {
          found.addAll(response.shards());
          return response.nextToken() == null
              ? CompletableFuture.completedFuture(found)
              : more(client, stream, response.nextToken(), found);
        });
  }

  /** Those that records are still put into. */
  List<Shard> open() {
    return all.stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .toList();
  }

  boolean has(String shardId) {
    return all.stream().anyMatch(shard -> shard.shardId().equals(shardId));
  }

  /**
   * Those that may be read now: neither read to their end nor behind a parent that is not.
   *
   * @param read what was read of each, as in a {@link KinesisMark}
   */
  List<Shard> readable(KeyRange range, Map<String, String> read) {
    List<Shard> own = all.stream().filter(range::overlaps).toList();
    Set<String> unread =
        own.stream()
            .map(Shard::shardId)
            .filter(id -> !KinesisMark.ALL.equals(read.get(id)))
            .collect(Collectors.toSet());
    return own.stream()
        .filter(shard -> unread.contains(shard.shardId()))
        .filter(shard -> parents(shard).noneMatch(unread::contains))
        .toList();
  }

  /** Whether every shard that was read to its end has a child here: if not, it is not told yet. */
  boolean goesOnFrom(Map<String, String> read) {
    Set<String> withChildren =
        all.stream().flatMap(StreamShards::parents).collect(Collectors.toSet());
    return all.stream()
        .map(Shard::shardId)
        .allMatch(id -> !KinesisMark.ALL.equals(read.get(id)) || withChildren.contains(id));
  }

  private static Stream<String> parents(Shard shard) {
    return Stream.of(shard.parentShardId(), shard.adjacentParentShardId()).filter(Objects::nonNull);
  }
}
