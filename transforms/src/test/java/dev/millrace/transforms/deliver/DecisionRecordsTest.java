package dev.millrace.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.OutgoingRecord;
import dev.millrace.transforms.transport.RecordSender;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionRecordsTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addNullableInt64Field("customer").build());
  private static final Column CUSTOMER = LAYOUT.column("customer");

  @Test
  void key_is_the_id_unless_a_column_is_ordered_by() throws Exception {
    assertThat(key(null, 7L)).isEqualTo("e1");
    assertThat(key(CUSTOMER, 7L)).isEqualTo("7");
    assertThat(key(CUSTOMER, null)).isEqualTo("e1");
  }

  private static String key(@Nullable Column orderBy, @Nullable Long customer) throws Exception {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setValue(CUSTOMER, customer);
    Event event = builder.build("e1", 0, Origin.NONE);
    DecisionEncoder encoder = new DecisionEncoder("p", "v", LAYOUT, new byte[0]);
    OutgoingRecord record =
        new DecisionRecords(encoder, new Nowhere(), orderBy, 1_000_000).of(event);
    assertThat(record.id()).isEqualTo("e1".getBytes(UTF_8));
    return new String(record.key(), UTF_8);
  }

  private static final class Nowhere implements Destination {

    @Override
    public String transport() {
      return "Nowhere";
    }

    @Override
    public boolean isWrittenInBundles() {
      return true;
    }

    @Override
    public RecordSender sender() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long sizeOf(OutgoingRecord record) {
      return (long) record.key().length + record.value().length;
    }

    @Override
    public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
      throw new UnsupportedOperationException();
    }
  }
}
