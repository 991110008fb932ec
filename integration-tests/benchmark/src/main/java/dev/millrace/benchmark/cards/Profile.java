package dev.millrace.benchmark.cards;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a worker's time goes: each sample of a recording is counted for the library whose method is
 * nearest to what ran, so that a hash map's time is its caller's. Samples in native code are those
 * of TensorFlow: all else that is native waits. In the same way, by what allocates.
 */
final class Profile {

  private static final int METHODS = 25;

  private static final Pattern OWNER =
      Pattern.compile(
          "(dev\\.millrace\\.(?:transforms|benchmark|models|pipelines)\\.[a-z]+"
              + "|org\\.apache\\.beam\\.[a-z]+|org\\.apache\\.flink|org\\.apache\\.kafka"
              + "|org\\.apache\\.avro|org\\.(?:tensorflow|bytedeco)|org\\.rocksdb)\\..*");

  private final Shares time = new Shares();
  private final Shares allocation = new Shares();

  private Profile() {}

  static Profile of(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        profile.add(file.readEvent());
      }
    }
    return profile;
  }

  void print(PrintWriter screen) {
    screen.println("time:");
    time.print(screen);
    screen.println("allocation:");
    allocation.print(screen);
    screen.flush();
  }

  private void add(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> time.add(frames, 1);
      case "jdk.NativeMethodSample" -> {
        if (nearest(frames).filter(frame -> name(frame).startsWith("org.tensorflow")).isPresent()) {
          time.add(frames, 1);
        }
      }
      case "jdk.ObjectAllocationSample" -> allocation.add(frames, event.getLong("weight"));
      default -> {}
    }
  }

  private static Optional<RecordedFrame> nearest(List<RecordedFrame> frames) {
    return frames.stream().filter(frame -> owner(frame).isPresent()).findFirst();
  }

  private static Optional<String> owner(RecordedFrame frame) {
    Matcher matcher = OWNER.matcher(name(frame));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }

  /** How much of a whole is whose. */
  private static final class Shares {
    private final Map<String, Long> owners = new HashMap<>();
    private final Map<String, Long> methods = new HashMap<>();
    private long whole;

    void add(List<RecordedFrame> frames, long weight) {
      Optional<RecordedFrame> nearest = nearest(frames);
      whole += weight;
      owners.merge(nearest.flatMap(Profile::owner).orElse("the JDK alone"), weight, Long::sum);
      nearest
          .or(() -> frames.stream().findFirst())
          .ifPresent(frame -> methods.merge(name(frame), weight, Long::sum));
    }

    void print(PrintWriter screen) {
      print(screen, owners, Integer.MAX_VALUE);
      screen.println("  of which in:");
      print(screen, methods, METHODS);
    }

    private void print(PrintWriter screen, Map<String, Long> counts, int most) {
      counts.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
          .limit(most)
          .forEach(
              each ->
                  screen.printf(
                      "  %5.1f %%  %s%n", 100.0 * each.getValue() / whole, each.getKey()));
    }
  }
}
