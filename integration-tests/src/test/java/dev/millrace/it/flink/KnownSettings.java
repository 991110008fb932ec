package dev.millrace.it.flink;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;

/** The settings of the Flink on the class path, by their names of today. */
final class KnownSettings {

  private static final List<Class<?>> HOLDERS =
      List.of(
          CheckpointingOptions.class,
          CoreOptions.class,
          ExecutionCheckpointingOptions.class,
          ExecutionOptions.class,
          HeartbeatManagerOptions.class,
          HighAvailabilityOptions.class,
          JobManagerOptions.class,
          RestartStrategyOptions.class,
          StateBackendOptions.class,
          TaskManagerOptions.class);

  private static final Map<String, ConfigOption<?>> KNOWN = known();

  private KnownSettings() {}

  private static Map<String, ConfigOption<?>> known() {
    Map<String, ConfigOption<?>> known = new TreeMap<>();
    for (Class<?> holder : HOLDERS) {
      for (Field field : holder.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
          try {
            ConfigOption<?> option = (ConfigOption<?>) field.get(null);
            known.put(option.key(), option);
          } catch (IllegalAccessException e) {
            throw new AssertionError(field + ": a public field that cannot be read", e);
          }
        }
      }
    }
    return known;
  }

  /** What Flink makes of a value. */
  static Object parsed(String name, String value) {
    ConfigOption<?> option = KNOWN.get(name);
    if (option == null) {
      throw new AssertionError("Flink knows no setting " + name);
    }
    Configuration configuration = new Configuration();
    configuration.setString(name, value);
    return configuration.get(option);
  }
}
