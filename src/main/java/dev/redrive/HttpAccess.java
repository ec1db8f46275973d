// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.KeySettings;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import dev.redrive.config.TlsSettings;
import dev.redrive.http.ApiKey;
import dev.redrive.http.HttpOptions;
import dev.redrive.http.TlsIdentity;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the settings say about who reaches HTTP, and how. */
final class HttpAccess {
  private HttpAccess() {}

  static HttpOptions of(Settings settings) {
    return new HttpOptions(
            settings.http().host(),
            settings.http().port(),
            Math.toIntExact(settings.http().maxBody().bytes()),
            settings.http().open(),
            settings.auth().keys().stream().map(HttpAccess::key).toList())
        .limited(settings.auth().rateLimit().orElse(null))
        .secured(identity(settings.http().tls()));
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

  private static @Nullable TlsIdentity identity(TlsSettings tls) {
    if (tls.keystore().isPresent()) {
      return new TlsIdentity.Pkcs12(tls.keystore().get(), tls.keystorePassword().orElseThrow());
    }
    return tls.certificate().isPresent()
        ? new TlsIdentity.Pem(tls.certificate().get(), tls.key().orElseThrow())
        : null;
  }
}
