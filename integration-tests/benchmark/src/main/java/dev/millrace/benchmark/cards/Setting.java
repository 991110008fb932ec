package dev.millrace.benchmark.cards;

/**
 * What a contestant is measured in.
 *
 * @param customers how many keys there are
 * @param backend Flink's name of where state is kept
 */
record Setting(int parallelism, int customers, Backend backend, Aim aim) {

  /** Where Flink keeps state. */
  enum Backend {
    HEAP("hashmap", 1),
    ROCKSDB("rocksdb", 3);

    private final String type;
    private final int slower;

    Backend(String type, int slower) {
      this.type = type;
      this.slower = slower;
    }

    /** How many times, about: in as much time as many times fewer are decided. */
    int slower() {
      return slower;
    }

    /** As Flink has it. */
    String type() {
      return type;
    }
  }

  /**
   * What a job is tuned for: as much as possible, or as soon as possible. Millrace by its launch
   * profile, the others by hand.
   */
  enum Aim {
    THROUGHPUT("throughput", 30_000, 100, 50, 5, "131072"),
    LATENCY("latency", 1_000, 1, 2, 0, "16384");

    final String profile;
    final int checkpointMillis;
    final int bufferMillis;
    final int batchMillis;
    final int lingerMillis;
    final String batchBytes;

    Aim(
        String profile,
        int checkpointMillis,
        int bufferMillis,
        int batchMillis,
        int lingerMillis,
        String batchBytes) {
      this.profile = profile;
      this.checkpointMillis = checkpointMillis;
      this.bufferMillis = bufferMillis;
      this.batchMillis = batchMillis;
      this.lingerMillis = lingerMillis;
      this.batchBytes = batchBytes;
    }
  }

  /** A thousand keys on the heap, in one task. */
  static final Setting BASE = new Setting(1, 1_000, Backend.HEAP, Aim.THROUGHPUT);

  Setting withParallelism(int number) {
    return new Setting(number, customers, backend, aim);
  }

  Setting withCustomers(int number) {
    return new Setting(parallelism, number, backend, aim);
  }

  Setting withBackend(Backend other) {
    return new Setting(parallelism, customers, other, aim);
  }

  Setting withAim(Aim other) {
    return new Setting(parallelism, customers, backend, other);
  }

  /** As a row of the table names it. */
  String label() {
    return "parallelism %d, %,d keys, %s"
        .formatted(parallelism, customers, backend.name().toLowerCase(java.util.Locale.ROOT));
  }
}
