package dev.millrace.benchmark.cards;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The JVM that does a contestant's work, looked at from outside. */
record Worker(ProcessHandle process, JMXConnector jmx) implements AutoCloseable {

  /**
   * What it has used up to a moment.
   *
   * @param cpu of all its threads, its compilers and collectors included
   * @param allocated bytes by thread
   */
  record Usage(Duration cpu, Map<Long, Long> allocated) {

    /** Bytes allocated since {@code before} by threads that live. */
    long allocatedSince(Usage before) {
      long sum = 0;
      for (Map.Entry<Long, Long> thread : allocated.entrySet()) {
        sum += thread.getValue() - before.allocated.getOrDefault(thread.getKey(), 0L);
      }
      return sum;
    }
  }

  @SuppressWarnings("BanJNDI") // the address is one that our own process has just given
  static Worker of(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        String address = machine.startLocalManagementAgent();
        return new Worker(
            ProcessHandle.of(pid).orElseThrow(),
            JMXConnectorFactory.connect(new JMXServiceURL(address)));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("process %d: found no JVM that can be looked at".formatted(pid), e);
    }
  }

  Usage usage() throws IOException {
    ThreadMXBean threads =
        ManagementFactory.newPlatformMXBeanProxy(
            jmx.getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME,
            ThreadMXBean.class);
    long[] ids = threads.getAllThreadIds();
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    Map<Long, Long> allocated = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      allocated.put(ids[i], Math.max(0, bytes[i]));
    }
    return new Usage(process.info().totalCpuDuration().orElse(Duration.ZERO), allocated);
  }

  /** Starts a recording of what its threads do. */
  void record() throws IOException {
    diagnose("jfrStart", "name=bench", "settings=profile");
  }

  /** Ends the recording and writes it to a file. */
  void writeRecording(Path file) throws IOException {
    diagnose("jfrStop", "name=bench", "filename=" + file);
  }

  private void diagnose(String command, String... arguments) throws IOException {
    MBeanServerConnection beans = jmx.getMBeanServerConnection();
    try {
      beans.invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"),
          command,
          new Object[] {arguments},
          new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IOException("process %d: %s".formatted(process.pid(), command), e);
    }
  }

  @Override
  public void close() {
    try {
      jmx.close();
    } catch (IOException ended) {
      // It was killed, or is about to be.
    }
  }
}
