package dev.millrace.transforms.registry;

import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed and which one is shown, where Java's own list of authorities does
 * not do. The stores are PKCS12 files, which every worker needs at the same path.
 *
 * @param trust authorities, or the server's own certificate; null for Java's list
 * @param own a certificate with its key, for a server that asks for one; null for none
 */
public record Tls(@Nullable Store trust, @Nullable Store own) implements Serializable {

  /** A PKCS12 file and what opens it. */
  public record Store(String path, Secret password) implements Serializable {

    private KeyStore open() throws IOException, GeneralSecurityException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(Path.of(path))) {
        store.load(in, password.value().toCharArray());
      }
      return store;
    }
  }

  /** Believes the certificates in this store, and no others. */
  public static Tls trusting(Path store, Secret password) {
    return new Tls(new Store(store.toString(), password), null);
  }

  /** Shows the certificate in this store; believes Java's list of authorities. */
  public static Tls showing(Path store, Secret password) {
    return new Tls(null, new Store(store.toString(), password));
  }

  /** Shows the certificate in this store. */
  public Tls withOwn(Path store, Secret password) {
    return new Tls(trust, new Store(store.toString(), password));
  }

  /**
   * Made from the files as they are now.
   *
   * @throws IOException when a store is not there, or its password does not open it
   */
  SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trusted(), null);
      return context;
    } catch (GeneralSecurityException | MissingSecretException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
    if (own == null) {
      return null;
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(open("key store", own), own.password.value().toCharArray());
    return keys.getKeyManagers();
  }

  private TrustManager @Nullable [] trusted() throws IOException, GeneralSecurityException {
    if (trust == null) {
      return null;
    }
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(open("trust store", trust));
    return trusted.getTrustManagers();
  }

  private static KeyStore open(String what, Store store)
      throws IOException, GeneralSecurityException {
    try {
      return store.open();
    } catch (IOException e) {
      throw new IOException(
          "%s %s: found no PKCS12 file that its password opens (%s)"
              .formatted(what, store.path, e.getClass().getSimpleName()),
          e);
    }
  }
}
