package dev.millrace.it.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.millrace.pipelines.launch.LaunchProfile;
import dev.millrace.pipelines.services.FlinkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Every file says what Flink understands, and all of them the same. */
class FlinkFilesTest {

  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final Path FLINK = ROOT.resolve("runners-config/flink");
  private static final String DEPLOYMENT = "kubernetes/card-fraud.yaml";
  private static final String OF_DEPLOYMENT = "spec.flinkConfiguration.";
  private static final String JVM = "env.java.opts.all";

  /** What the deployment has for itself: Kubernetes' volume, and the place of the project. */
  private static final Set<String> ITS_OWN =
      Set.of(
          "state.checkpoints.dir",
          "state.savepoints.dir",
          "high-availability.type",
          "high-availability.storageDir",
          JVM);

  private static Map<String, String> settings(String file) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    FlinkSettings.read(FLINK.resolve(file))
        .values()
        .forEach((name, value) -> settings.put(name, String.valueOf(value)));
    return settings;
  }

  private static Map<String, String> deployed() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings(DEPLOYMENT)
        .forEach(
            (name, value) -> {
              if (name.startsWith(OF_DEPLOYMENT)) {
                settings.put(name.substring(OF_DEPLOYMENT.length()), value);
              }
            });
    return settings;
  }

  static Stream<LaunchProfile> profiles() {
    Path folder = FLINK.resolve("profiles");
    return LaunchProfile.names(folder).stream().map(name -> LaunchProfile.of(folder, name));
  }

  private static void assertKnown(Map<String, String> settings) {
    settings.forEach(
        (name, value) -> {
          if (!name.startsWith("metrics.reporter.prom.")) {
            assertThat(KnownSettings.parsed(name, value)).as(name).isNotNull();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.yaml", "embedded.yaml"})
  void a_configuration_has_settings_that_flink_knows(String file) throws IOException {
    assertKnown(settings(file));
  }

  @Test
  void the_deployment_has_settings_that_flink_knows_with_the_values_of_the_configuration()
      throws IOException {
    Map<String, String> deployed = deployed();
    assertThat(deployed).hasSizeGreaterThan(20);
    assertKnown(deployed);
    Map<String, String> configured = settings("config.yaml");
    deployed.forEach(
        (name, value) -> {
          if (!ITS_OWN.contains(name)) {
            assertThat(configured).containsEntry(name, value);
          }
        });
  }

  @Test
  void the_deployment_starts_its_jvms_as_the_configuration_does_and_as_we_do() throws IOException {
    List<String> configured = words(Objects.requireNonNull(settings("config.yaml").get(JVM)));
    List<String> deployed = words(Objects.requireNonNull(deployed().get(JVM)));
    assertThat(configured).containsAll(ours());
    configured.add("-Dmillrace.root=/opt/millrace");
    assertThat(deployed).isEqualTo(configured);
  }

  private static List<String> words(String options) {
    return new ArrayList<>(List.of(options.trim().split("\\s+")));
  }

  private static List<String> ours() throws IOException {
    return Files.readAllLines(ROOT.resolve("runners-config/jvm.options")).stream()
        .filter(line -> line.startsWith("-"))
        .toList();
  }

  @Test
  @SuppressWarnings("unchecked") // YAML has no types
  void the_deployment_runs_what_the_image_has_by_a_profile_that_is_there() throws IOException {
    Map<String, Object> file = new Yaml().load(Files.readString(FLINK.resolve(DEPLOYMENT)));
    assertThat(file).containsEntry("apiVersion", "flink.apache.org/v1beta1");
    Map<String, Object> spec = (Map<String, Object>) Objects.requireNonNull(file.get("spec"));
    Map<String, Object> job = (Map<String, Object>) Objects.requireNonNull(spec.get("job"));
    assertThat(job)
        .containsEntry("jarURI", "local:///opt/millrace/millrace-flink.jar")
        .containsEntry("entryClass", "dev.millrace.pipelines.cli.Millrace")
        .containsEntry(
            "args",
            List.of(
                "run", "/opt/millrace/pipelines/card-fraud/card-fraud.yaml", "--profile=latency"));
    assertThat(deployed())
        .containsAllEntriesOf(LaunchProfile.of(FLINK.resolve("profiles"), "latency").flink());
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void a_profile_has_settings_that_flink_knows_and_options_that_beam_knows(LaunchProfile profile) {
    assertKnown(profile.flink());
    String[] options =
        profile.options().entrySet().stream()
            .map(option -> "--%s=%s".formatted(option.getKey(), option.getValue()))
            .toArray(String[]::new);
    assertThatCode(() -> PipelineOptionsFactory.fromArgs(options).as(FlinkPipelineOptions.class))
        .doesNotThrowAnyException();
  }

  @Test
  void the_image_is_made_of_files_that_are_there_or_are_built() throws IOException {
    String image = Files.readString(FLINK.resolve("Dockerfile"));
    assertThat(image).contains("FROM flink:" + EnvironmentInformation.getVersion() + "-java17");
    Matcher copies = Pattern.compile("(?m)^COPY (\\S+) ").matcher(image);
    List<String> built = new ArrayList<>();
    while (copies.find()) {
      if (copies.group(1).contains("/target/")) {
        built.add(copies.group(1));
      } else {
        assertThat(ROOT.resolve(copies.group(1))).exists();
      }
    }
    assertThat(built)
        .containsExactly(
            "runners-config/flink/target/lib/", "runners-config/flink/target/millrace-flink.jar");
    assertThat(image).contains("-pl runners-config/flink").contains("-DoutputDirectory=target/lib");
    assertThat(Files.readString(FLINK.resolve("pom.xml")))
        .contains("<outputFile>${project.build.directory}/millrace-flink.jar</outputFile>");
  }
}
