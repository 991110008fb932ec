package dev.millrace.it.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.junit.jupiter.api.Test;

/** The files of the flex template, held against what the launcher takes. */
class DataflowFilesTest {

  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final Path FILES = ROOT.resolve("runners-config/dataflow");

  /** Of {@code FlexTemplate}; the others are Beam's. */
  private static final Set<String> OURS = Set.of("spec", "set");

  private static final Map<String, List<String>> GOOD =
      Map.of(
          "spec", List.of("/opt/millrace/pipelines/card-fraud/card-fraud.yaml"),
          "set",
              List.of(
                  "to.kafka.topic=a",
                  "a.0.b=x y,z;c=",
                  "events.from.kafka.bootstrapServers=b:1,c:2"),
          "sdkContainerImage", List.of("registry.bank/team/millrace-worker:0.1.0"),
          "pubsubRootUrl", List.of("https://europe-west1-pubsub.googleapis.com"));

  private static final Map<String, List<String>> BAD =
      Map.of(
          "spec", List.of("card-fraud.yaml", "/opt/spec.json", "/opt/a b.yaml"),
          "set", List.of("topic", "=a", "a=b;c"),
          "sdkContainerImage", List.of("", "Worker Image"),
          "pubsubRootUrl", List.of("pubsub", "ftp://x"));

  @Test
  void every_parameter_is_an_option_that_the_launcher_takes_and_is_checked() throws IOException {
    JsonNode parameters =
        new ObjectMapper().readTree(FILES.resolve("metadata.json").toFile()).path("parameters");
    assertThat(parameters).hasSize(GOOD.size());
    for (JsonNode parameter : parameters) {
      String name = parameter.path("name").asText();
      assertThat(OURS.contains(name) || isBeams(name)).as(name).isTrue();
      assertThat(parameter.path("helpText").asText()).as(name).isNotEmpty();
      Pattern check = Pattern.compile(parameter.path("regexes").get(0).asText());
      assertThat(GOOD.get(name)).as(name).allMatch(check.asMatchPredicate());
      assertThat(BAD.get(name)).as(name).noneMatch(check.asMatchPredicate());
    }
  }

  private static boolean isBeams(String name) {
    String getter = "get" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return Stream.of(DataflowPipelineOptions.class, PubsubOptions.class)
        .flatMap(options -> Stream.of(options.getMethods()))
        .anyMatch(method -> method.getName().equals(getter));
  }

  @Test
  void images_copy_what_is_there() throws IOException {
    for (String file : List.of("template.Dockerfile", "worker.Dockerfile")) {
      try (Stream<String> lines = Files.lines(FILES.resolve(file))) {
        assertThat(
                lines
                    .filter(line -> line.startsWith("COPY "))
                    .map(line -> line.split(" ", -1)[1])
                    .filter(path -> !path.contains("/target/")))
            .isNotEmpty()
            .allMatch(path -> Files.exists(ROOT.resolve(path)));
      }
    }
  }

  @Test
  void launch_script_says_what_it_would_run_and_refuses_what_makes_no_sense() throws Exception {
    assertThat(
            launch(
                "--dry-run",
                "--template=gs://bank/millrace.json",
                "--region=europe-west1",
                "--name=card-fraud",
                "--spec=/opt/p.yaml",
                "--set=a=1,2;b=3",
                "--worker-image=worker",
                "--update",
                "--transform-names={\"a\":\"b\"}"))
        .isEqualTo(
            "gcloud dataflow flex-template run card-fraud"
                + " --template-file-gcs-location=gs://bank/millrace.json --region=europe-west1"
                + " --enable-streaming-engine"
                + " --parameters=^~^spec=/opt/p.yaml~set=a=1,2;b=3~sdkContainerImage=worker"
                + " --update --transform-name-mappings={\"a\":\"b\"}\n");
    assertThat(launch("--region=r", "--spec=/p")).contains("found no --template, expected one");
    assertThat(launch("--template=gs://b/t", "--region=r", "--spec=/p", "--transform-names={}"))
        .contains("found --transform-names without --update");
    assertThat(launch("--spec=p.yaml")).contains("found '--spec=p.yaml', expected one of");
    assertThat(launch("--help")).contains("Example: launch");
  }

  private static String launch(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(FILES.resolve("launch").toString()), Stream.of(arguments))
                    .toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
