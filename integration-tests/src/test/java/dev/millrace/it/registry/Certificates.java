package dev.millrace.it.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server's and a client's certificate, signed by themselves, made by the JDK's keytool. */
public record Certificates(Path folder) {

  /** Of all stores. */
  public static final String PASSWORD = "changeit";

  public static Certificates in(Path folder) throws IOException {
    Certificates certificates = new Certificates(folder);
    Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    certificates.make("server");
    certificates.make("client");
    certificates.trust("server");
    certificates.trust("client");
    return certificates;
  }

  /** The store with the key and the certificate of {@code server} or {@code client}. */
  public Path keyOf(String who) {
    return folder.resolve(who + ".p12");
  }

  /** The store with the certificate of {@code server} or {@code client} alone. */
  public Path trustIn(String who) {
    return folder.resolve("trust-" + who + ".p12");
  }

  public Secret password() {
    return Secret.of("secret:file:" + folder.resolve("password"));
  }

  /** What the server shows, and whom it believes. */
  SSLContext serverContext() throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(open(keyOf("server")), PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(open(trustIn("client")));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore open(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private void make(String who) throws IOException {
    String names = "SAN=dns:localhost,ip:127.0.0.1";
    keytool(
        keyOf(who),
        "-genkeypair",
        "-alias",
        who,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + who,
        "-ext",
        names);
  }

  private void trust(String who) throws IOException {
    Path certificate = folder.resolve(who + ".crt");
    keytool(keyOf(who), "-exportcert", "-alias", who, "-file", certificate.toString());
    keytool(
        trustIn(who), "-importcert", "-noprompt", "-alias", who, "-file", certificate.toString());
  }

  private static void keytool(Path store, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
