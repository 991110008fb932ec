package dev.millrace.it.transport;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two servers behind one port of this machine: one that speaks TLS, and one that does not. It can
 * be closed, with all that goes through it, and opened again.
 */
final class OnePort implements AutoCloseable {

  /** The first byte of a TLS connection. */
  private static final int HANDSHAKE = 0x16;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "one port");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final int plain;
  private final int tls;
  private volatile ServerSocket server;

  OnePort(int plain, int tls) throws IOException {
    this.plain = plain;
    this.tls = tls;
    this.server = listening(0);
  }

  int port() {
    return server.getLocalPort();
  }

  void open() throws IOException {
    server = listening(port());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  private ServerSocket listening(int port) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    threads.execute(() -> accept(listening));
    return listening;
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        connections.add(client);
        threads.execute(() -> connect(client));
      } catch (IOException e) {
        // It was closed.
      }
    }
  }

  private void connect(Socket client) {
    try {
      PushbackInputStream in = new PushbackInputStream(client.getInputStream());
      int first = in.read();
      in.unread(first);
      Socket to = new Socket(InetAddress.getLoopbackAddress(), first == HANDSHAKE ? tls : plain);
      connections.add(to);
      threads.execute(() -> copy(to, client));
      in.transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      end(client);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either end is gone.
    }
    end(from);
    end(to);
  }

  private void end(Socket connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      // It is no longer wanted.
    }
  }
}
