// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.AllowedHost;
import dev.redrive.config.ByteSize;
import dev.redrive.config.KeyHash;
import dev.redrive.config.MaskPath;
import dev.redrive.config.Network;
import dev.redrive.config.RetryTopic;
import dev.redrive.config.StartAt;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How values of one type are read, and what to call them.
 *
 * @param what completes "… is not", and says what to write instead
 * @param parse throws an {@link IllegalArgumentException}, {@link ArithmeticException} or {@link
 *     java.time.DateTimeException} when the text is no such value
 */
record ValueKind(String what, Function<String, ?> parse) {

  private static final Map<Class<?>, ValueKind> KINDS =
      Map.ofEntries(
          Map.entry(String.class, new ValueKind("a text", text -> text)),
          Map.entry(int.class, new ValueKind("a whole number", Integer::valueOf)),
          Map.entry(Integer.class, new ValueKind("a whole number", Integer::valueOf)),
          Map.entry(boolean.class, new ValueKind("true or false", ValueKind::truth)),
          Map.entry(Path.class, new ValueKind("a path", Path::of)),
          Map.entry(
              Duration.class,
              new ValueKind("a duration; write for example 200ms, 15m or 30d", Durations::parse)),
          Map.entry(
              ByteSize.class,
              new ValueKind("a size; write for example 512KiB or 64MiB", ByteSize::parse)),
          Map.entry(
              StartAt.class,
              new ValueKind(
                  "a place to start; write earliest, latest or a time such as 2026-01-31T00:00:00Z",
                  StartAt::parse)),
          Map.entry(RetryTopic.class, new ValueKind("a topic or origin", RetryTopic::parse)),
          Map.entry(Pattern.class, new ValueKind("a regular expression", Pattern::compile)),
          Map.entry(
              KeyHash.class,
              new ValueKind(
                  "the SHA-256 of a key in 64 hexadecimal digits; redrive hash-key makes it",
                  KeyHash::parse)),
          Map.entry(Boolean.class, new ValueKind("true or false", ValueKind::truth)),
          Map.entry(
              MaskPath.class,
              new ValueKind(
                  "a path into JSON; write for example $.customer.iban, $.items[*].price or $..password",
                  MaskPath::parse)),
          Map.entry(
              com.google.re2j.Pattern.class,
              new ValueKind("a regular expression (RE2)", ValueKind::re2)),
          Map.entry(
              AllowedHost.class,
              new ValueKind(
                  "a host; write for example hooks.example.com, *.example.com or 10.2.3.4:8080",
                  AllowedHost::parse)),
          Map.entry(
              Network.class,
              new ValueKind("a network; write for example 10.20.0.0/16", Network::parse)),
          Map.entry(
              URI.class,
              new ValueKind(
                  "an address; write for example https://registry:8081", ValueKind::httpAddress)));

  static ValueKind of(Class<?> type) {
    if (type.isEnum()) {
      return ofEnum(type);
    }
    ValueKind kind = KINDS.get(type);
    if (kind == null) {
      throw new IllegalStateException("no way to read a " + type);
    }
    return kind;
  }

  private static ValueKind ofEnum(Class<?> type) {
    Map<String, Object> byName =
        Arrays.stream(type.getEnumConstants())
            .collect(
                Collectors.toMap(
                    constant -> constant.toString().toLowerCase(Locale.ROOT),
                    constant -> constant));
    String names = byName.keySet().stream().sorted().collect(Collectors.joining(", "));
    return new ValueKind("one of " + names, text -> known(byName, text));
  }

  private static Object known(Map<String, Object> byName, String text) {
    Object value = byName.get(text);
    if (value == null) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static com.google.re2j.Pattern re2(String text) {
    try {
      return com.google.re2j.Pattern.compile(text);
    } catch (com.google.re2j.PatternSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static URI httpAddress(String text) {
    URI address = URI.create(text);
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!http || address.getHost() == null || address.getUserInfo() != null) {
      throw new IllegalArgumentException(text);
    }
    return address;
  }
}
