package dev.millrace.pipelines.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks a port of 127.0.0.1 that nothing listens on.
 *
 * <p>It lies below the range from which Linux and macOS give ports to outgoing connections: a
 * client that keeps trying a server which is down would otherwise, now and then, be given that very
 * port, and the server could not come back on it.
 */
final class FreePort {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES = 200;

  private FreePort() {}

  static int pick() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException(
        "no free port on 127.0.0.1 between " + FIRST + " and " + END + " in " + TRIES + " tries");
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
