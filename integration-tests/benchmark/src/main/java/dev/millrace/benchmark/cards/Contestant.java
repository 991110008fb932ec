package dev.millrace.benchmark.cards;

import dev.millrace.pipelines.services.FlinkJob;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Somebody who does the work, in a JVM of its own that is started for it. */
enum Contestant {
  MILLRACE,
  NATIVE,
  PLAIN;

  /** As reports name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it can do the work in a setting: a loop has one thread, and state on its heap. */
  boolean can(Setting setting) {
    return this != PLAIN
        || (setting.parallelism() == 1 && setting.backend() == Setting.Backend.HEAP);
  }

  /** Starts reading {@code input} from its beginning and deciding into {@code output}. */
  Running start(Stand stand, Setting setting, String input, String output) throws IOException {
    return switch (this) {
      case MILLRACE -> FlinkContestant.millrace(stand, setting, input, output);
      case NATIVE -> FlinkContestant.handwritten(stand, setting, input, output);
      case PLAIN -> PlainContestant.start(stand, setting, input, output);
    };
  }

  /** A contestant at work. */
  interface Running extends AutoCloseable {

    /** The JVM that does the work. */
    Worker worker();

    /** Its job on Flink; empty for the loop. */
    Optional<FlinkJob> job();

    /**
     * Looks whether it still works.
     *
     * @throws IOException saying why not
     */
    void check() throws IOException;

    @Override
    void close();
  }
}
