// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server proves itself with, in files that may be replaced while it runs. */
public sealed interface TlsIdentity {

  /** The files that it is read from. */
  List<Path> files();

  /** The password of {@link #load}'s keystore and of the key in it. */
  String password();

  /**
   * The certificate and its key, as the files have them now.
   *
   * @throws IOException naming the file, and what is wrong with it
   */
  KeyStore load() throws IOException;

  /** A PKCS #12 keystore. */
  record Pkcs12(Path file, String password) implements TlsIdentity {
    @Override
    public List<Path> files() {
      return List.of(file);
    }

    @Override
    public KeyStore load() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(in, password.toCharArray());
        return store;
      } catch (GeneralSecurityException | IOException e) {
        throw new IOException(file + " can't be read as a PKCS #12 keystore: " + e.getMessage(), e);
      }
    }

    /** Nothing of the password, so that no log can show it. */
    @Override
    public String toString() {
      return "Pkcs12[" + file + "]";
    }
  }

  /** A chain of certificates, the server's first, and its private key. */
  record Pem(Path certificate, Path key) implements TlsIdentity {
    private static final Pattern PKCS8 =
        Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    /** What certificates in use are made with; a key does not say which it is. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    @Override
    public List<Path> files() {
      return List.of(certificate, key);
    }

    /** The keystore never leaves the memory. */
    @Override
    public String password() {
      return "in memory";
    }

    @Override
    public KeyStore load() throws IOException {
      PrivateKey secret = key(Files.readString(key, StandardCharsets.US_ASCII));
      try {
        Certificate[] chain =
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                .toArray(Certificate[]::new);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("redrive", secret, password().toCharArray(), chain);
        return store;
      } catch (GeneralSecurityException e) {
        throw new IOException(certificate + " holds no certificates in PEM: " + e.getMessage(), e);
      }
    }

    private PrivateKey key(String pem) throws IOException {
      Matcher found = PKCS8.matcher(pem);
      if (!found.find()) {
        throw new IOException(
            key
                + " holds no unencrypted PKCS #8 key in PEM; openssl pkcs8 -topk8 -nodes -in "
                + key.getFileName()
                + " makes one");
      }
      try {
        byte[] der = Base64.getMimeDecoder().decode(found.group(1));
        for (String algorithm : ALGORITHMS) {
          try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
          } catch (InvalidKeySpecException e) {
            // Of another algorithm; the next is tried.
          }
        }
        throw new IOException(key + " holds a key that is none of " + ALGORITHMS);
      } catch (IllegalArgumentException | GeneralSecurityException e) {
        throw new IOException(key + " holds no key in PEM: " + e.getMessage(), e);
      }
    }
  }
}
