// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the HTTP server proves itself with: a certificate and its key, in PEM files or a keystore.
 */
public interface TlsSettings {

  @Doc(
      value =
          "PEM file of the server's certificate and those that vouch for it; with it, or with a"
              + " keystore, HTTP is spoken over TLS only. Changed files are read again within a"
              + " minute.",
      byDefault = "plain HTTP")
  Optional<Path> certificate();

  @Doc(
      value = "PEM file of the certificate's private key: PKCS #8, not encrypted.",
      byDefault = "needed with `http.tls.certificate`")
  Optional<Path> key();

  @Doc(
      value = "PKCS #12 keystore of certificate and key, in place of the PEM files.",
      byDefault = "none")
  Optional<Path> keystore();

  @Doc(value = "Its password.", byDefault = "needed with `http.tls.keystore`", secret = true)
  Optional<String> keystorePassword();
}
