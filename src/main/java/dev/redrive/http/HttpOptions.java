// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.codec.Audited;
import dev.redrive.config.KeyHash;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server is started with.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param maxBody of a request, bytes
 * @param open whether health, metrics and API description need no key
 * @param keys none: everybody on this machine may do everything, and nobody else can connect
 * @param perSecond requests that a caller may make in a second, in the long run; null: any number
 * @param tls what it proves itself with; null: it speaks plain HTTP
 * @param tokens taken beside keys; null: none
 * @param secret hides places in lists; the same on all instances, 64 hexadecimal digits
 * @param audit is told who is shown payloads and who does what with artifacts; must return at once
 */
public record HttpOptions(
    String host,
    int port,
    int maxBody,
    boolean open,
    List<ApiKey> keys,
    @Nullable Integer perSecond,
    @Nullable TlsIdentity tls,
    @Nullable Tokens tokens,
    String secret,
    Consumer<Audited> audit) {

  public HttpOptions {
    keys = List.copyOf(keys);
  }

  /** What every server has; the rest is off. */
  public HttpOptions(String host, int port, int maxBody, boolean open, List<ApiKey> keys) {
    this(host, port, maxBody, open, keys, null, null, null, random(), view -> {});
  }

  /** Whether everybody who can connect may do everything. */
  boolean keyless() {
    return keys.isEmpty() && tokens == null;
  }

  /** The same for callers who may ask so often. */
  public HttpOptions limited(@Nullable Integer requestsPerSecond) {
    return new HttpOptions(
        host, port, maxBody, open, keys, requestsPerSecond, tls, tokens, secret, audit);
  }

  /** The same over TLS. */
  public HttpOptions secured(@Nullable TlsIdentity identity) {
    return new HttpOptions(
        host, port, maxBody, open, keys, perSecond, identity, tokens, secret, audit);
  }

  /** The same with tokens beside the keys. */
  public HttpOptions trusting(@Nullable Tokens issued) {
    return new HttpOptions(host, port, maxBody, open, keys, perSecond, tls, issued, secret, audit);
  }

  /** The same with an audit. */
  public HttpOptions audited(Consumer<Audited> told) {
    return new HttpOptions(host, port, maxBody, open, keys, perSecond, tls, tokens, secret, told);
  }

  /** The same with what all instances have and nobody else; nothing: a secret of its own. */
  public HttpOptions sharing(List<String> texts) {
    String hash = KeyHash.of("places " + String.join("\n", texts.stream().sorted().toList())).hex();
    return texts.isEmpty()
        ? this
        : new HttpOptions(host, port, maxBody, open, keys, perSecond, tls, tokens, hash, audit);
  }

  private static String random() {
    return KeyHash.of(UUID.randomUUID().toString()).hex();
  }

  /** Nothing of the secret, so that no log can show it. */
  @Override
  public String toString() {
    return "HttpOptions[" + host + ":" + port + "]";
  }
}
