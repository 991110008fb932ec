package org.apache.beam.runners.flink.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.ObjectStreamClass;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.apache.beam.runners.flink.translation.wrappers.streaming.FlinkKeyUtils;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Beside the class that it replaces, as Beam's own jar has it. */
class FlinkKeyTest {

  private final Random random = new Random(7);

  @Test
  void isInThePlaceOfBeams2700() {
    assertThat(ReleaseInfo.getReleaseInfo().getVersion())
        .as("another Beam: compare its FlinkKey with ours, or drop ours if its hash is kept")
        .isEqualTo("2.70.0");
    assertThat(location(FlinkKey.class)).doesNotContain("beam-runners-flink");
  }

  @Test
  void hashesAsBeamsDoes() throws Exception {
    try (Beams beams = new Beams()) {
      for (int length = 0; length < 300; length++) {
        byte[] encoded = bytes(length);
        assertThat(FlinkKey.of(ByteBuffer.wrap(encoded)).hashCode())
            .as("%d bytes", length)
            .isEqualTo(beams.hashOf(encoded));
      }
    }
  }

  /** What one process launches with Beam's class, another with ours runs, and the reverse. */
  @Test
  void isReadForBeamsByAnotherProcess() throws Exception {
    try (Beams beams = new Beams()) {
      assertThat(ObjectStreamClass.lookup(FlinkKey.class).getSerialVersionUID())
          .isEqualTo(beams.serialVersion());
    }
  }

  @Test
  void encodesAsTheRunnerDoes() {
    for (int length : new int[] {0, 1, 16, 127, 128, 16_383, 16_384}) {
      byte[] key = bytes(length);
      assertThat(FlinkKey.of(key, ByteArrayCoder.of()).getSerializedKey())
          .isEqualTo(FlinkKeyUtils.encodeKey(key, ByteArrayCoder.of()));
    }
    FlinkKey text = FlinkKey.of("customer 7", StringUtf8Coder.of());
    assertThat(text.getSerializedKey())
        .isEqualTo(FlinkKeyUtils.encodeKey("customer 7", StringUtf8Coder.of()));
    assertThat(text.getKey(StringUtf8Coder.of())).isEqualTo("customer 7");
  }

  @Test
  void isTheSameKeyOnceWrittenAndRead() throws Exception {
    FlinkKey key = FlinkKey.of("customer 7".getBytes(UTF_8), ByteArrayCoder.of());
    DataOutputSerializer out = new DataOutputSerializer(64);
    key.write(out);

    FlinkKey read = new FlinkKey();
    read.read(new DataInputDeserializer(out.getCopyOfBuffer()));

    assertThat(read).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(read).isNotEqualTo(FlinkKey.of("customer 8".getBytes(UTF_8), ByteArrayCoder.of()));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  /** The class in Beam's jar. */
  private static final class Beams implements AutoCloseable {
    private final URLClassLoader loader;
    private final Method of;

    Beams() throws Exception {
      String[] jars = System.getProperty("java.class.path").split(File.pathSeparator, -1);
      URL[] urls = new URL[jars.length];
      int count = 0;
      for (String jar : jars) {
        if (jar.endsWith(".jar")) {
          urls[count++] = Path.of(jar).toUri().toURL();
        }
      }
      loader =
          new URLClassLoader(
              java.util.Arrays.copyOf(urls, count), ClassLoader.getPlatformClassLoader());
      Class<?> type = loader.loadClass(FlinkKey.class.getName());
      assertThat(location(type)).contains("beam-runners-flink");
      of = type.getMethod("of", ByteBuffer.class);
    }

    int hashOf(byte[] encoded) throws Exception {
      return of.invoke(null, ByteBuffer.wrap(encoded)).hashCode();
    }

    long serialVersion() {
      return ObjectStreamClass.lookup(of.getDeclaringClass()).getSerialVersionUID();
    }

    @Override
    public void close() throws Exception {
      loader.close();
    }
  }
}
