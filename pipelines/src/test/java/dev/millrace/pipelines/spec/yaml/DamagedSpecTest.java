package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedSpecTest {

  private static final String MARKS = "{}[]:,-#&*!|>'\"%@`?$ \n\t\0a1";

  @TempDir Path folder;

  @Test
  void a_damaged_file_is_read_or_refused_with_a_place_in_every_line() throws IOException {
    Path root = Path.of(System.getProperty("millrace.root", ".."));
    String whole = Files.readString(root.resolve("pipelines/card-fraud/card-fraud.yaml"));
    Path file = folder.resolve("damaged.yaml");
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      Files.writeString(file, damage(whole, random));
      try {
        PipelineSpecReader.read(file, Overrides.none(), name -> null);
      } catch (SpecException e) {
        refused++;
        assertThat(e.problems())
            .isNotEmpty()
            .allSatisfy(
                problem ->
                    assertThat(problem)
                        .matches("(?s).*damaged\\.yaml:\\d+:\\d+: found .*, expected .*"));
      }
    }
    assertThat(refused).isBetween(200, 999);
  }

  private static String damage(String whole, Random random) {
    StringBuilder damaged = new StringBuilder(whole);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(damaged.length());
      char mark = MARKS.charAt(random.nextInt(MARKS.length()));
      switch (random.nextInt(3)) {
        case 0 -> damaged.setCharAt(at, mark);
        case 1 -> damaged.insert(at, mark);
        default -> damaged.delete(at, Math.min(damaged.length(), at + 1 + random.nextInt(20)));
      }
    }
    return damaged.toString();
  }
}
