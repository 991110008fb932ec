package dev.millrace.transforms.deliver.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The fields that a hash is to have when it is not of a later event already. */
final class HashUpdate {

  private final String key;
  private final long time;
  private final Duration expiry;
  private final List<String> set = new ArrayList<>();
  private final List<String> removed = new ArrayList<>();
  private long bytes;

  /**
   * @param time of the event
   * @param expiry zero for none
   */
  HashUpdate(String key, long time, Duration expiry) {
    this.key = key;
    this.time = time;
    this.expiry = expiry;
    this.bytes = key.length();
  }

  void set(String field, String value) {
    set.add(field);
    set.add(value);
    bytes += field.length() + value.getBytes(UTF_8).length;
  }

  void remove(String field) {
    removed.add(field);
  }

  String key() {
    return key;
  }

  /** Of all names and values. */
  long bytes() {
    return bytes;
  }

  /** As {@link HashWriter#SCRIPT} takes them. */
  List<String> arguments() {
    List<String> all = new ArrayList<>();
    all.add(Long.toString(time));
    all.add(Long.toString(expiry.toSeconds()));
    all.add(Integer.toString(set.size()));
    all.addAll(set);
    all.addAll(removed);
    return all;
  }
}
