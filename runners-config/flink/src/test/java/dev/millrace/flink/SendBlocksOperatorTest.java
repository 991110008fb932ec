package dev.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterCoder;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.HistoryKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.beam.runners.flink.translation.types.CoderTypeInformation;
import org.apache.beam.runners.flink.translation.types.CoderTypeSerializer;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendBlocksOperatorTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addStringField("id").addNullableStringField("user").build());
  private static final EventCoder CODER = EventCoder.of(LAYOUT);
  private static final int KEY_GROUPS = 128;
  private static final int TASKS = 3;
  private static final int INPUT = 1;

  private static final OutputTag<WindowedValue<DeadLetter>> LETTERS =
      new OutputTag<>(
          "letters",
          new CoderTypeInformation<>(
              WindowedValues.getFullCoder(DeadLetterCoder.of(), GlobalWindow.Coder.INSTANCE),
              PipelineOptionsFactory.create()));

  private static final class Harness
      extends OneInputStreamOperatorTestHarness<WindowedValue<Event>, EventBlock> {

    Harness() throws Exception {
      super(
          new SendBlocksOperator(
              INPUT, new HistoryKey(LAYOUT.column("user"), Source.EVENTS), CODER, LETTERS),
          KEY_GROUPS,
          TASKS,
          0);
      setup(new CoderTypeSerializer<>(new EventBlock.Coder(), false));
    }

    void process(String id, @Nullable String user) throws Exception {
      EventBuilder builder = new EventBuilder(LAYOUT);
      builder.setString(LAYOUT.column("id"), id);
      builder.setValue(LAYOUT.column("user"), user);
      processElement(
          new StreamRecord<>(
              WindowedValues.timestampedValueInGlobalWindow(
                  builder.build(id, 5, Origin.NONE), Instant.ofEpochMilli(7))));
    }

    /** What came out, in order: a block as that, a watermark as its time. */
    List<String> sent() {
      List<String> sent = new ArrayList<>();
      for (Object one : getOutput()) {
        if (one instanceof Watermark mark) {
          sent.add("watermark " + mark.getTimestamp());
        } else {
          sent.add("block");
        }
      }
      getOutput().clear();
      return sent;
    }
  }

  @Test
  void a_block_goes_when_the_task_has_done_what_it_is_at() throws Exception {
    try (Harness harness = new Harness()) {
      harness.open();
      harness.process("1", "ann");
      harness.process("2", "ann");
      assertThat(harness.sent()).isEmpty();
      for (Mail mail : harness.getTaskMailbox().drain()) {
        mail.run();
      }
      assertThat(harness.sent()).containsExactly("block");
      assertThat(harness.getTaskMailbox().drain()).isEmpty();
    }
  }

  @Test
  void a_full_block_goes_at_once_and_nothing_stays_behind_a_watermark_or_a_checkpoint()
      throws Exception {
    try (Harness harness = new Harness()) {
      harness.open();
      for (int i = 0; harness.sent().isEmpty(); i++) {
        assertThat(i).isLessThan(EventBlock.FULL);
        harness.process("" + i, "ann");
      }
      harness.process("more", "ann");
      harness.processWatermark(new Watermark(3));
      assertThat(harness.sent()).containsExactly("block", "watermark 3");
      harness.process("still more", "ann");
      harness.prepareSnapshotPreBarrier(1);
      assertThat(harness.sent()).containsExactly("block");
      harness.prepareSnapshotPreBarrier(2);
      assertThat(harness.sent()).isEmpty();
    }
  }

  @Test
  void an_event_without_a_key_is_a_dead_letter() throws Exception {
    try (Harness harness = new Harness()) {
      harness.open();
      harness.process("1", null);
      harness.prepareSnapshotPreBarrier(1);
      assertThat(harness.sent()).isEmpty();
      DeadLetter letter =
          Objects.requireNonNull(harness.getSideOutput(LETTERS).peek()).getValue().getValue();
      assertThat(letter.message()).isEqualTo("user: found null, expected the key of a history");
    }
  }

  @Test
  void a_block_has_the_keys_that_flink_gives_its_task() throws Exception {
    EventBlock.Spread spread = new EventBlock.Spread(KEY_GROUPS, TASKS);
    for (String user : List.of("ann", "bob", "jörg", "", "李")) {
      HistoryKey key = new HistoryKey(LAYOUT.column("user"), Source.EVENTS);
      EventBuilder builder = new EventBuilder(LAYOUT);
      builder.setString(LAYOUT.column("id"), "1");
      builder.setString(LAYOUT.column("user"), user);
      int hash = key.hash(builder.build("1", 0, Origin.NONE));
      assertThat(spread.task(hash))
          .isEqualTo(KeyGroupRangeAssignment.assignKeyToParallelOperator(user, KEY_GROUPS, TASKS));
    }
  }

  @Test
  void a_block_arrives_as_it_was_filled() throws Exception {
    EventBlock block = new EventBlock(new EventBlock.Spread(KEY_GROUPS, TASKS), 2);
    List<Event> events =
        IntStream.range(0, 300)
            .mapToObj(
                i -> {
                  EventBuilder builder = new EventBuilder(LAYOUT);
                  builder.setString(LAYOUT.column("id"), "x".repeat(i));
                  return builder.build("event " + i, i, Origin.NONE);
                })
            .toList();
    events.forEach(event -> block.add(INPUT, -event.time(), event, CODER));
    EventBlock arrived = CoderUtils.clone(new EventBlock.Coder(), block);
    for (Event event : events) {
      assertThat(arrived.hasNext()).isTrue();
      assertThat(arrived.input()).isEqualTo(INPUT);
      assertThat(arrived.timestamp()).isEqualTo(-event.time());
      assertThat(arrived.event(CODER)).isEqualTo(event);
      arrived.next();
    }
    assertThat(arrived.hasNext()).isFalse();
  }

  @Test
  void blocks_filled_for_other_tasks_than_there_are_are_refused() {
    BlockPartitioner partitioner = new BlockPartitioner();
    partitioner.configure(KEY_GROUPS);
    partitioner.setup(TASKS);
    assertThat(partitioner.selectChannel(record(new EventBlock.Spread(KEY_GROUPS, TASKS))))
        .isEqualTo(2);
    assertThatThrownBy(
            () -> partitioner.selectChannel(record(new EventBlock.Spread(KEY_GROUPS, 4))))
        .hasMessageContaining("tasks=4")
        .hasMessageContaining("set one parallelism and one maxParallelism for all steps");
  }

  private static SerializationDelegate<StreamRecord<EventBlock>> record(EventBlock.Spread spread) {
    @SuppressWarnings({"unchecked", "rawtypes"}) // as Flink itself does
    SerializationDelegate<StreamRecord<EventBlock>> record =
        (SerializationDelegate)
            new SerializationDelegate<StreamElement>(
                new StreamElementSerializer<>(
                    new CoderTypeSerializer<>(new EventBlock.Coder(), false)));
    record.setInstance(new StreamRecord<>(new EventBlock(spread, 2)));
    return record;
  }
}
