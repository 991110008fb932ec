package dev.millrace.pipelines.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks a port of 127.0.0.1 that nothing listens on, and none twice.
 *
 * <p>It lies below the range from which Linux and macOS give ports to outgoing connections: a
 * client that keeps trying a server which is down would otherwise, now and then, be given that very
 * port, and the server could not come back on it.
 *
 * <p>Nothing holds the port until the server listens on it, so that another program may take it
 * first: {@link #start} then tries the next.
 */
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES = 200;
  private static final int STARTS = 4;

  private static final Set<Integer> PICKED = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** How a server is started on a port. */
  @FunctionalInterface
  interface Start<T> {
    T on(int port) throws IOException;
  }

  /**
   * Starts a server on a port that nothing listens on.
   *
   * @throws PortTakenException when four ports in a row were taken before it came to listen
   */
  static <T> T start(Start<T> server) throws IOException {
    for (int left = STARTS - 1; ; left--) {
      try {
        return server.on(pick());
      } catch (PortTakenException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  /** A port that is free now, and that this process was not given before. */
  public static int pick() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port) && PICKED.add(port)) {
        return port;
      }
    }
    throw new IOException(
        "no free port on 127.0.0.1 between " + FIRST + " and " + END + " in " + TRIES + " tries");
  }

  /**
   * Makes sure that a port can be had, which a person chose.
   *
   * @throws PortTakenException when it cannot
   */
  static void check(int port) throws PortTakenException {
    if (!isFree(port)) {
      throw new PortTakenException(
          "found another program that listens on 127.0.0.1:%d, expected a port that is free"
              .formatted(port));
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
