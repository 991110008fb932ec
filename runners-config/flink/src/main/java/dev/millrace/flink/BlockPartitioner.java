package dev.millrace.flink;

import org.apache.flink.runtime.io.network.api.writer.SubtaskStateMapper;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.streaming.runtime.partitioner.ConfigurableStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sends each block to its task. In it are the keys that Flink gives to that task and to no other:
 * what is still in a channel could not be given to others when their number changes. So no
 * checkpoint contains it, they are aligned here.
 */
public final class BlockPartitioner extends StreamPartitioner<EventBlock>
    implements ConfigurableStreamPartitioner {

  private static final long serialVersionUID = 1;

  private int keyGroups;

  public BlockPartitioner() {
    disableUnalignedCheckpoints();
  }

  @Override
  public void configure(int maxParallelism) {
    keyGroups = maxParallelism;
  }

  @Override
  public int selectChannel(SerializationDelegate<StreamRecord<EventBlock>> record) {
    EventBlock block = record.getInstance().getValue();
    EventBlock.Spread expected = new EventBlock.Spread(keyGroups, numberOfChannels);
    if (!block.spread().equals(expected)) {
      throw new IllegalStateException(
          "found events for %s, expected them for %s: set one parallelism and one maxParallelism for all steps, those of the savepoint"
              .formatted(block.spread(), expected));
    }
    return block.task();
  }

  @Override
  public SubtaskStateMapper getDownstreamSubtaskStateMapper() {
    return SubtaskStateMapper.ARBITRARY; // there is nothing to map
  }

  @Override
  public boolean isPointwise() {
    return false;
  }

  @Override
  public BlockPartitioner copy() {
    BlockPartitioner copy = new BlockPartitioner();
    copy.keyGroups = keyGroups;
    return copy;
  }

  @Override
  public String toString() {
    return "BLOCKS";
  }
}
