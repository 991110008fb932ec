package dev.millrace.pipelines.services;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker (KRaft, broker and controller in one) for the demo and the tests.
 *
 * <p>The work folder receives {@code kafka.properties}, {@code kafka-data/} and {@code kafka.log};
 * a broker started in the folder of an earlier one continues its data. One broker does everything:
 * internal topics have one replica and one partition, consumer groups form without delay, topics
 * are made by {@link #createTopic} only, and nothing is ever deleted for its age, as events may
 * carry old timestamps.
 *
 * <p>Data survives {@link #kill} and {@link #restart}: what a producer was acknowledged is in the
 * operating system's hands.
 *
 * <pre>{@code
 * try (KafkaBroker kafka = KafkaBroker.start(workFolder)) {
 *   kafka.createTopic("card.transactions", 4, Map.of());
 *   run(kafka.bootstrapServers());
 * }
 * }</pre>
 */
public final class KafkaBroker extends ServerProcess {
  private static final int ANSWER_MILLIS = 5_000;

  private final String classPath;
  private final Path properties;
  private final Path data;
  private final int port;
  private final @Nullable Security security;

  /** How clients must come to a broker. */
  public interface Security {

    /** Kafka's name for it. */
    String protocol();

    /** The broker's settings for it; its listener is called {@code BROKER}. */
    Map<String, String> ofServer();

    /** The settings of a client that may do everything. */
    Map<String, String> ofClient();
  }

  /**
   * The one user of a broker that asks for a password (SASL_PLAINTEXT, PLAIN).
   *
   * @param user without quotes
   * @param password without quotes
   */
  public record Login(String user, String password) implements Security {
    private static final String MODULE =
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

    @Override
    public String protocol() {
      return "SASL_PLAINTEXT";
    }

    @Override
    public Map<String, String> ofClient() {
      return settings(password);
    }

    /**
     * What a client is set to.
     *
     * @param secret the password, or where it is to be had
     */
    public Map<String, String> settings(String secret) {
      return Map.of(
          "security.protocol",
          protocol(),
          "sasl.mechanism",
          "PLAIN",
          "sasl.jaas.config",
          MODULE.formatted(user, secret) + ";");
    }

    @Override
    public Map<String, String> ofServer() {
      return Map.of(
          "sasl.enabled.mechanisms",
          "PLAIN",
          "sasl.mechanism.inter.broker.protocol",
          "PLAIN",
          "listener.name.broker.plain.sasl.jaas.config",
          MODULE.formatted(user, password) + " user_%s=\"%s\";".formatted(user, password));
    }

    @Override
    public String toString() {
      return user;
    }
  }

  private KafkaBroker(Path workFolder, String classPath, int port, @Nullable Security security) {
    super("the Kafka broker", workFolder.resolve("kafka.log"));
    this.classPath = classPath;
    this.properties = workFolder.resolve("kafka.properties");
    this.data = workFolder.resolve("kafka-data");
    this.port = port;
    this.security = security;
  }

  /** Starts a broker from {@link ServicesHome#ofThisProject} and returns when it answers. */
  public static KafkaBroker start(Path workFolder) throws IOException {
    return start(ServicesHome.ofThisProject(), workFolder);
  }

  /** As {@link #start(Path)}, for clients that come as it is said. */
  public static KafkaBroker start(Path workFolder, Security security) throws IOException {
    return start(ServicesHome.ofThisProject(), workFolder, security);
  }

  /** Starts a broker from the given place and returns when it answers. */
  public static KafkaBroker start(ServicesHome home, Path workFolder) throws IOException {
    return start(home, workFolder, null);
  }

  private static KafkaBroker start(ServicesHome home, Path workFolder, @Nullable Security security)
      throws IOException {
    String classPath = home.kafkaClassPath();
    Path folder = Files.createDirectories(workFolder).toAbsolutePath();
    return launched(
        port -> {
          KafkaBroker broker = new KafkaBroker(folder, classPath, port, security);
          broker.writeProperties();
          if (!Files.exists(broker.meta())) {
            broker.format();
          }
          return broker;
        });
  }

  /** What clients connect to: {@code 127.0.0.1:PORT}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Makes a topic; {@code configs} are Kafka's topic settings. Fails when there is one already. */
  public void createTopic(String topic, int partitions, Map<String, String> configs)
      throws IOException {
    NewTopic request =
        new NewTopic(topic, Optional.of(partitions), Optional.<Short>empty()).configs(configs);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(request)).all().get();
    } catch (ExecutionException failure) {
      throw new IOException(
          "topic %s with %d partitions could not be made on %s: %s"
              .formatted(topic, partitions, bootstrapServers(), failure.getCause()),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while making topic " + topic);
    }
  }

  @Override
  List<String> arguments() {
    return java("kafka.Kafka", properties.toString());
  }

  /** Another broker could hold the port, so the answer must carry this cluster's id. */
  @Override
  boolean answers() throws Exception {
    // A plain connection first: the client would log a warning for each try before that.
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
    }
    try (Admin admin = admin()) {
      String answered =
          admin.describeCluster().clusterId().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
      return clusterId().equals(answered);
    }
  }

  @Override
  String condition() {
    return "an admin client asks " + bootstrapServers() + " for its cluster's id";
  }

  private Admin admin() {
    Map<String, Object> settings = new HashMap<>();
    if (security != null) {
      settings.putAll(security.ofClient());
    }
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    return Admin.create(settings);
  }

  private void format() throws IOException {
    runToEnd(
        java(
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id=" + Uuid.randomUuid(),
            "--config=" + properties));
  }

  private String clusterId() throws IOException {
    Properties meta = new Properties();
    try (Reader reader = Files.newBufferedReader(meta())) {
      meta.load(reader);
    }
    return meta.getProperty("cluster.id", "");
  }

  private Path meta() {
    return data.resolve("meta.properties");
  }

  private List<String> java(String main, String... arguments) {
    List<String> all = new ArrayList<>(SMALL_AND_QUICK);
    all.addAll(List.of("-cp", classPath, main));
    all.addAll(List.of(arguments));
    return all;
  }

  private void writeProperties() throws IOException {
    int controllerPort = FreePort.pick();
    Properties server = new Properties();
    server.setProperty("process.roles", "broker,controller");
    server.setProperty("node.id", "1");
    server.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    server.setProperty(
        "listeners",
        "BROKER://" + bootstrapServers() + ",CONTROLLER://127.0.0.1:" + controllerPort);
    server.setProperty(
        "listener.security.protocol.map",
        "BROKER:%s,CONTROLLER:PLAINTEXT"
            .formatted(security == null ? "PLAINTEXT" : security.protocol()));
    if (security != null) {
      security.ofServer().forEach(server::setProperty);
    }
    server.setProperty("inter.broker.listener.name", "BROKER");
    server.setProperty("controller.listener.names", "CONTROLLER");
    server.setProperty("log.dirs", data.toString());
    server.setProperty("log.retention.ms", "-1");
    // After a kill the broker may come back only when its old session has ended: 9 s by default.
    server.setProperty("broker.session.timeout.ms", "3000");
    server.setProperty("broker.heartbeat.interval.ms", "500");
    server.setProperty("auto.create.topics.enable", "false");
    server.setProperty("group.initial.rebalance.delay.ms", "0");
    server.setProperty("offsets.topic.replication.factor", "1");
    server.setProperty("offsets.topic.num.partitions", "1");
    server.setProperty("transaction.state.log.replication.factor", "1");
    server.setProperty("transaction.state.log.min.isr", "1");
    server.setProperty("transaction.state.log.num.partitions", "1");
    // A third of the heap by default, for compacted topics, of which there is one small one.
    server.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
    try (Writer writer = Files.newBufferedWriter(properties)) {
      server.store(writer, null);
    }
  }
}
