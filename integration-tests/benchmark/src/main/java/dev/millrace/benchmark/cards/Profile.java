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
 * of TensorFlow: all else that is native waits.
 */
final class Profile {

  private static final int METHODS = 25;

  private static final Pattern OWNER =
      Pattern.compile(
          "(dev\\.millrace\\.(?:transforms|benchmark|models|pipelines)\\.[a-z]+"
              + "|org\\.apache\\.beam\\.[a-z]+|org\\.apache\\.flink|org\\.apache\\.kafka"
              + "|org\\.apache\\.avro|org\\.(?:tensorflow|bytedeco)|org\\.rocksdb)\\..*");

  private final Map<String, Integer> owners = new HashMap<>();
  private final Map<String, Integer> methods = new HashMap<>();
  private int samples;

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
    screen.printf("%,d samples%n", samples);
    print(screen, owners, Integer.MAX_VALUE);
    screen.println("  methods:");
    print(screen, methods, METHODS);
  }

  private void print(PrintWriter screen, Map<String, Integer> counts, int most) {
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .forEach(
            each ->
                screen.printf("  %5.1f %%  %s%n", 100.0 * each.getValue() / samples, each.getKey()));
  }

  private void add(RecordedEvent event) {
    String type = event.getEventType().getName();
    boolean inNative = type.equals("jdk.NativeMethodSample");
    if ((!inNative && !type.equals("jdk.ExecutionSample")) || event.getStackTrace() == null) {
      return;
    }
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    Optional<RecordedFrame> nearest =
        frames.stream().filter(frame -> owner(frame).isPresent()).findFirst();
    String owner = nearest.flatMap(Profile::owner).orElse("the JDK alone");
    if (inNative && !owner.equals("org.tensorflow") && !owner.equals("org.bytedeco")) {
      return;
    }
    samples++;
    owners.merge(owner, 1, Integer::sum);
    methods.merge(nearest.or(() -> frames.stream().findFirst()).map(Profile::name).orElse("?"), 1, Integer::sum);
  }

  private static Optional<String> owner(RecordedFrame frame) {
    Matcher matcher = OWNER.matcher(name(frame));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }
}
