// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.codec.Audited;
import dev.redrive.config.JwtSettings;
import dev.redrive.config.KeySettings;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import dev.redrive.config.TlsSettings;
import dev.redrive.http.ApiKey;
import dev.redrive.http.HttpOptions;
import dev.redrive.http.TlsIdentity;
import dev.redrive.http.Tokens;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the settings say about who reaches HTTP, and how. */
final class HttpAccess {
  private HttpAccess() {}

  /**
   * The server's options.
   *
   * @param audit is told who is shown payloads
   */
  static HttpOptions of(Settings settings, Consumer<Audited> audit) {
    return new HttpOptions(
            settings.http().host(),
            settings.http().port(),
            Math.toIntExact(settings.http().maxBody().bytes()),
            settings.http().open(),
            settings.auth().keys().stream().map(HttpAccess::key).toList())
        .limited(settings.auth().rateLimit().orElse(null))
        .secured(identity(settings.http().tls()))
        .trusting(tokens(settings.auth().jwt()))
        .sharing(shared(settings))
        .audited(audit);
  }

  /** What all instances have and nobody else. */
  static List<String> shared(Settings settings) {
    return Stream.concat(
            settings.auth().keys().stream().map(key -> key.sha256().hex()),
            settings.peers().secret().stream())
        .toList();
  }

  private static ApiKey key(KeySettings key) {
    return new ApiKey(
        key.name(),
        key.sha256(),
        key.role(),
        key.reveal().orElse(key.role() == Role.ADMIN),
        Set.copyOf(key.pipelines().orElse(List.of())),
        key.rateLimit().orElse(null));
  }

  private static @Nullable Tokens tokens(JwtSettings jwt) {
    return jwt.jwks()
        .map(
            jwks ->
                new Tokens(
                    jwks,
                    jwt.issuer().orElseThrow(),
                    jwt.audience().orElseThrow(),
                    jwt.clockSkew(),
                    jwt.cache(),
                    new Tokens.Claims(
                        jwt.nameClaim(),
                        jwt.roleClaim(),
                        jwt.roles(),
                        jwt.pipelinesClaim().orElse(null))))
        .orElse(null);
  }

  private static @Nullable TlsIdentity identity(TlsSettings tls) {
    if (tls.keystore().isPresent()) {
      return new TlsIdentity.Pkcs12(tls.keystore().get(), tls.keystorePassword().orElseThrow());
    }
    return tls.certificate().isPresent()
        ? new TlsIdentity.Pem(tls.certificate().get(), tls.key().orElseThrow())
        : null;
  }
}
