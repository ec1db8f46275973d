// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.config.AllowedHost;
import dev.redrive.config.Network;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackGuardTest {

  @ParameterizedTest
  @CsvSource({
    "hooks.example.com, https://hooks.example.com/x, true",
    "hooks.example.com, http://HOOKS.example.com./x, true",
    "Hooks.Example.com, https://hooks.example.com:443/, true",
    "hooks.example.com, https://hooks.example.com:8443/, false",
    "hooks.example.com, http://hooks.example.com:443/, false",
    "hooks.example.com:8443, https://hooks.example.com:8443/, true",
    "hooks.example.com:8443, https://hooks.example.com/, false",
    "hooks.example.com, https://a.hooks.example.com/, false",
    "hooks.example.com, https://hooks.example.com.evil.test/, false",
    "*.example.com, https://a.b.example.com/, true",
    "*.example.com, https://example.com/, false",
    "*.example.com, https://evilexample.com/, false",
    "*, https://anything.test/, true",
    "*, https://anything.test:9/, false",
    "*:9, https://anything.test:9/, true",
    "[::1]:80, http://[::1]/, true",
    "10.2.3.4, http://10.2.3.4/, true",
    "*, ftp://hooks.example.com/, false",
    "*, file:///etc/passwd, false",
    "*, https://user@hooks.example.com/, false",
    "*, https://user:secret@hooks.example.com/, false",
    "*, https:///nowhere, false",
    "*, mailto:me@example.com, false",
    "*, /relative, false"
  })
  void onlyAllowedHostsAreCalled(String allowed, String target, boolean called) {
    CallbackGuard guard = new CallbackGuard(List.of(AllowedHost.parse(allowed)), List.of());

    assertThat(guard.refusal(URI.create(target)).isEmpty()).isEqualTo(called);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*x",
        "*.",
        "a*.example.com",
        ".example.com",
        "https://hooks.example.com",
        "hooks.example.com/x",
        "hooks.example.com:0",
        "hooks.example.com:65536",
        "a b"
      })
  void whatIsNoHostIsRefused(String text) {
    assertThatThrownBy(() -> AllowedHost.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1"
      })
  void noSpecialAddressIsCalled(String address) throws UnknownHostException {
    CallbackGuard guard = new CallbackGuard(List.of(), List.of());

    assertThat(guard.refusal(InetAddress.getByName(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "11.0.0.1",
        "2606:4700::1111",
        "64:ff9b::101:101"
      })
  void publicAddressesAre(String address) throws UnknownHostException {
    CallbackGuard guard = new CallbackGuard(List.of(), List.of());

    assertThat(guard.refusal(InetAddress.getByName(address))).isEmpty();
  }

  @Test
  void aPrivateNetworkIsCalledWhereItIsNamed() throws UnknownHostException {
    CallbackGuard guard =
        new CallbackGuard(
            List.of(), List.of(Network.parse("10.20.0.0/15"), Network.parse("fd00:1::/32")));

    assertThat(guard.refusal(InetAddress.getByName("10.21.255.255"))).isEmpty();
    assertThat(guard.refusal(InetAddress.getByName("10.22.0.0"))).isPresent();
    assertThat(guard.refusal(InetAddress.getByName("fd00:1:2::3"))).isEmpty();
    assertThat(guard.refusal(InetAddress.getByName("fd00:2::3"))).isPresent();
    assertThat(Network.parse("0.0.0.0/0").has(InetAddress.getByName("9.9.9.9"))).isTrue();
    assertThat(Network.parse("0.0.0.0/0").has(InetAddress.getByName("2606:4700::1111"))).isFalse();
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    Arrays.asList("10.0.0.0", "10.0.0.0/33", "localhost/8", "a.example/8", "::/129", "1/8", "x")
        .forEach(
            text ->
                assertThatThrownBy(() -> Network.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class));
  }
}
