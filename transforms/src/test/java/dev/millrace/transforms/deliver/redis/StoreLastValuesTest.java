package dev.millrace.transforms.deliver.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.RedisAccess;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be known of it without a server; {@code FeatureStoreIT} has one. */
class StoreLastValuesTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addNullableStringField("customer")
              .addInt64Field("shop")
              .addDoubleField("mean")
              .addDateTimeField("event_time")
              .build());
  private static final StoreLastValues STORE =
      StoreLastValues.in(new RedisAccess("redis://127.0.0.1:1", null, null));

  @Test
  void name_of_a_hash_is_made_of_columns() {
    KeyPattern key = KeyPattern.of("c:{customer}/{shop}!", LAYOUT);
    assertThat(key.name(event("zoë", 7))).isEqualTo("c:zoë/7!");
    assertThat(key.missing(event("zoë", 7))).isNull();
    assertThat(key.missing(event(null, 7))).isEqualTo(LAYOUT.column("customer"));
    assertThat(KeyPattern.of("{customer}", LAYOUT).name(event("a", 7))).isEqualTo("a");
  }

  @Test
  void what_cannot_be_kept_is_refused_before_anything_runs() {
    assertThatThrownBy(() -> STORE.by("customers").ofColumns(List.of("mean")).layout(LAYOUT))
        .hasMessage("found key 'customers', expected a column in it, as customer:{customer_id}");
    assertThatThrownBy(() -> STORE.by("{client}").ofColumns(List.of("mean")).layout(LAYOUT))
        .hasMessageStartingWith("found column 'client', expected one of customer, shop");
    assertThatThrownBy(() -> STORE.by("{customer}").layout(LAYOUT))
        .hasMessage("found no columns, expected one or more to be kept");
    assertThatThrownBy(() -> STORE.by("{customer}").ofColumns(List.of("men")).layout(LAYOUT))
        .hasMessageStartingWith("found column 'men', expected one of");
    assertThatThrownBy(() -> STORE.by("{customer}").ofColumns(List.of("event_time")).layout(LAYOUT))
        .hasMessage(
            "found column 'event_time', expected another: every hash has a field of that name");
    assertThatThrownBy(() -> STORE.withExpiry(Duration.ofMillis(1_500)))
        .hasMessage("found an expiry of 1500 ms, expected whole seconds");
  }

  @Test
  void address_that_is_none_or_says_a_login_is_refused() {
    for (String wrong :
        List.of("127.0.0.1:6379", "redis://u:p@host", "redis://host/db", "http://h")) {
      assertThatThrownBy(() -> new RedisAccess(wrong, null, null))
          .hasMessageStartingWith("found an address of another form, expected redis://host:port")
          .hasMessageNotContaining("u:p");
    }
    assertThatThrownBy(() -> new RedisAccess("redis://host", "fraud", null))
        .hasMessage("found a user and no password, expected both");
  }

  @Test
  void size_is_that_of_names_and_values() {
    HashUpdate update = new HashUpdate("key", 5, Duration.ofSeconds(9));
    update.set("mean", "1.5");
    update.set("name", "zoë");
    update.remove("gone");
    assertThat(update.bytes()).isEqualTo(3 + 4 + 3 + 4 + 4);
    assertThat(update.arguments())
        .containsExactly("5", "9", "4", "mean", "1.5", "name", "zoë", "gone");
  }

  private static Event event(@Nullable String customer, long shop) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setValue(LAYOUT.column("customer"), customer);
    builder.setLong(LAYOUT.column("shop"), shop);
    builder.setDouble(LAYOUT.column("mean"), 1.5);
    builder.setLong(LAYOUT.column("event_time"), 5);
    return builder.build("e1", 5, Origin.NONE);
  }
}
