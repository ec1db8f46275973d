// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Tokens of an identity provider, taken beside keys. */
public interface JwtSettings {

  @Doc(
      value =
          "Where the issuer publishes its keys (JWKS). With it, bearer tokens that the issuer signed"
              + " (RS, PS or ES with 256, 384 or 512) are taken beside keys.",
      byDefault = "no tokens")
  Optional<URI> jwks();

  @Doc(value = "What `iss` must be.", byDefault = "needed with `auth.jwt.jwks`")
  Optional<String> issuer();

  @Doc(value = "What `aud` must be or hold.", byDefault = "needed with `auth.jwt.jwks`")
  Optional<String> audience();

  @Doc("Claim with the name of who asks; the audit shows it.")
  @WithDefault("sub")
  String nameClaim();

  @Doc(
      "Claim with the role: a text or a list, of which the highest role counts. Dots lead into"
          + " claims within claims: `realm_access.roles`.")
  @WithDefault("redrive_role")
  String roleClaim();

  @Doc(
      value = "The role that a value of that claim stands for.",
      byDefault = "`viewer`, `operator` and `admin` stand for themselves")
  Map<String, Role> roles();

  @Doc(
      value =
          "Claim with the ids of the pipelines that the token may see: a text or a list, `*` for"
              + " all. A token without it is refused.",
      byDefault = "every token sees all")
  Optional<String> pipelinesClaim();

  @Doc(value = "How far the issuer's clock may be off.", min = "0s", max = "5m")
  @WithDefault("30s")
  Duration clockSkew();

  @Doc(
      value =
          "How long the issuer's keys are kept, and as long again where it does not answer. A token"
              + " with an unknown key has them read again at once.",
      min = "1m",
      max = "24h")
  @WithDefault("15m")
  Duration cache();
}
