package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * Gives tokens (RS256) for client credentials, as the token endpoint of an identity provider does,
 * and writes the key that they are to be verified with to a file.
 */
final class TokenServer implements AutoCloseable {

  static final String AUDIENCE = "event-hubs";
  static final String CLIENT = "client-1";

  /** Of a namespace at {@code 127.0.0.1:PORT}. */
  private static final String SCOPE = "https://127.0.0.1/.default";

  private final HttpServer server;
  private final KeyPair pair;
  private final String authorization;
  private final Path keys;

  private TokenServer(HttpServer server, KeyPair pair, String secret, Path keys) {
    this.server = server;
    this.pair = pair;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + secret).getBytes(UTF_8));
    this.keys = keys;
  }

  /** Starts one that knows {@link #CLIENT} by this secret. */
  static TokenServer start(Path folder, String secret)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    Path keys =
        Files.writeString(
            folder.resolve("keys.json"),
            """
            {"keys": [{"kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256", "n": "%s", "e": "%s"}]}
            """
                .formatted(text(key.getModulus()), text(key.getPublicExponent())));
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TokenServer server = new TokenServer(http, pair, secret, keys);
    http.createContext("/token", server::answer);
    http.start();
    return server;
  }

  String url() {
    return "http://127.0.0.1:%d/token".formatted(server.getAddress().getPort());
  }

  Path keys() {
    return keys;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    boolean known =
        authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && asked.contains("grant_type=client_credentials")
            && asked.contains("scope=" + URLEncoder.encode(SCOPE, UTF_8));
    byte[] body =
        (known
                ? "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"
                    .formatted(token())
                : "{\"error\": \"invalid_client\"}")
            .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(known ? 200 : 401, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String token() {
    long now = Instant.now().getEpochSecond();
    String head = text("{\"alg\": \"RS256\", \"kid\": \"k1\", \"typ\": \"JWT\"}".getBytes(UTF_8));
    String claims =
        text(
            "{\"sub\": \"%s\", \"aud\": \"%s\", \"scope\": \"all\", \"iat\": %d, \"exp\": %d}"
                .formatted(CLIENT, AUDIENCE, now, now + 3600)
                .getBytes(UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update((head + "." + claims).getBytes(UTF_8));
      return head + "." + claims + "." + text(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(BigInteger number) {
    byte[] bytes = number.toByteArray();
    boolean sign = bytes[0] == 0 && bytes.length > 1;
    return text(sign ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
