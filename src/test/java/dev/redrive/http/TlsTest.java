// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with certificates that the JDK's keytool made. */
@Timeout(120)
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path dir;
  private static Path first;
  private static Path second;

  @BeforeAll
  static void make() throws Exception {
    first = keystore("first", "RSA");
    second = keystore("second", "RSA");
  }

  @Test
  void servesOverTlsWithAKeystore() throws Exception {
    try (Api api = api(new TlsIdentity.Pkcs12(first, PASSWORD))) {
      assertThat(get(api, "/health/ready", client(first)).statusCode()).isEqualTo(200);
      assertThat(get(api, "/api/dlq", client(first)).statusCode()).isEqualTo(401);
      assertThat(get(api, "/api/dlq", client(first)).sslSession().orElseThrow().getProtocol())
          .isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> get(api, "/health/ready", client(second)))
          .as("a client that does not trust the certificate")
          .isInstanceOf(IOException.class);
      assertThat(api.raw("GET /health/ready HTTP/1.1", "Host: localhost"))
          .as("plain HTTP on the same port")
          .doesNotContain("200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void servesOverTlsWithPemFiles(String algorithm) throws Exception {
    Path keystore = keystore("pem-" + algorithm, algorithm);
    TlsIdentity.Pem pem =
        new TlsIdentity.Pem(dir.resolve(algorithm + ".crt"), dir.resolve(algorithm + ".key"));
    write(keystore, pem);
    try (Api api = api(pem)) {
      assertThat(get(api, "/health/ready", client(keystore)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aReplacedCertificateIsTakenUpAndABrokenOneIsNot() throws Exception {
    TlsIdentity.Pem pem = new TlsIdentity.Pem(dir.resolve("live.crt"), dir.resolve("live.key"));
    write(first, pem);
    var server = new org.eclipse.jetty.server.Server();
    try (Tls tls = Tls.open(pem, Duration.ofMillis(20))) {
      var connector =
          tls.connector(server, new org.eclipse.jetty.server.HttpConfiguration(), "127.0.0.1", 0);
      server.addConnector(connector);
      server.start();
      int port = ((org.eclipse.jetty.server.ServerConnector) connector).getLocalPort();
      assertThat(serial(port, first)).isEqualTo(serial(first));

      Files.writeString(pem.certificate(), "half a file");
      Files.setLastModifiedTime(
          pem.certificate(), java.nio.file.attribute.FileTime.fromMillis(1_000));
      assertThat(serial(port, first)).isEqualTo(serial(first));

      write(second, pem);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(serial(port, second)).isEqualTo(serial(second)));
    } finally {
      server.stop();
    }
  }

  @Test
  void filesThatAreNoneSayWhatTheyLack() throws Exception {
    Path nonsense = Files.writeString(dir.resolve("nonsense"), "no PEM");
    assertThatThrownBy(() -> api(new TlsIdentity.Pkcs12(nonsense, PASSWORD)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nonsense")
        .hasMessageContaining("PKCS #12");
    assertThatThrownBy(() -> api(new TlsIdentity.Pkcs12(first, "wrong")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("password");
    assertThatThrownBy(() -> api(new TlsIdentity.Pem(nonsense, nonsense)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl pkcs8");
  }

  private static Api api(TlsIdentity identity) throws IOException {
    return new Api(new HttpOptions("127.0.0.1", 0, 1_024, true, Api.KEYS).secured(identity));
  }

  private static HttpResponse<String> get(Api api, String path, HttpClient client)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + api.port() + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.ofString());
  }

  /** Of the certificate that the server shows to a client that trusts these. */
  private static String serial(int port, Path trusted) throws Exception {
    var socket = context(trusted).getSocketFactory().createSocket("127.0.0.1", port);
    try (socket) {
      Certificate shown = ((javax.net.ssl.SSLSocket) socket).getSession().getPeerCertificates()[0];
      return ((X509Certificate) shown).getSerialNumber().toString();
    }
  }

  private static String serial(Path keystore) throws Exception {
    return ((X509Certificate) load(keystore).getCertificate("redrive"))
        .getSerialNumber()
        .toString();
  }

  private static HttpClient client(Path trusted) throws Exception {
    return HttpClient.newBuilder().sslContext(context(trusted)).build();
  }

  private static SSLContext context(Path trusted) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("redrive", load(trusted).getCertificate("redrive"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static void write(Path keystore, TlsIdentity.Pem pem) throws Exception {
    KeyStore store = load(keystore);
    Key key = store.getKey("redrive", PASSWORD.toCharArray());
    Files.writeString(pem.key(), pem("PRIVATE KEY", key.getEncoded()));
    Files.writeString(
        pem.certificate(), pem("CERTIFICATE", store.getCertificate("redrive").getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }

  private static KeyStore load(Path keystore) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keystore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  private static Path keystore(String name, String algorithm) throws Exception {
    Path file = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redrive",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor()).as(said).isZero();
    return file;
  }
}
