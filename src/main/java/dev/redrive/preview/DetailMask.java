// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.dialect.Replays;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Applies one pipeline's rules to one detail. A value that a path or a header's name hides is
 * hidden in the failure's texts too: an exception likes to say the value that it did not like.
 */
final class DetailMask {
  static final String NOT_JSON =
      "hidden: rules name places in this pipeline's payloads, and this one is not JSON that they"
          + " could be found in";
  static final String NOT_TEXT =
      "hidden: rules look for texts in this pipeline's payloads, and this one is no text";

  static final String NOT_WHOLE =
      "hidden: rules look for places or texts in this pipeline's payloads, and only a part of this"
          + " one is kept";

  /** Shorter ones are in every text, and hiding them there would only tell where. */
  private static final int SHORTEST = 4;

  /** More hidden values than this are not looked for one by one: the texts are hidden whole. */
  private static final int MAX_VALUES = 100;

  private final MaskRules rules;
  private final Set<String> values = new LinkedHashSet<>();

  DetailMask(MaskRules rules) {
    this.rules = rules;
  }

  /** A payload, or why it is hidden. */
  private record MaskedValue(@Nullable RawBytes bytes, @Nullable String hidden) {
    static final MaskedValue NONE = new MaskedValue(null, null);
  }

  /**
   * What is left of a detail.
   *
   * @param detail whose raw record has the payload in place of the envelope around it: the envelope
   *     is the payload once more
   * @param payload the record that a replay sends, masked; null where there is none
   * @param hidden why the payload is not in it, or null
   */
  record Masked(FailureDetail detail, @Nullable RawRecord payload, @Nullable String hidden) {}

  Masked apply(FailureDetail detail) {
    RawRecord payload = Replays.payload(detail).orElse(null);
    List<Header> own = payload == null ? List.of() : payload.headers();
    // All values that are hidden anywhere come first: the texts are cleaned of them.
    MaskedValue value = payload == null ? MaskedValue.NONE : value(payload.value(), detail.cut());
    collect(detail.raw().headers());
    collect(own);
    HttpDelivery http = detail.http() == null ? null : delivery(detail.http());
    String metadata = metadata(detail.metadata());
    RawBytes key = payload == null ? null : key(payload.key());
    List<Header> ownMasked = headers(own);
    return new Masked(
        new FailureDetail(
            new RawRecord(key, value.bytes(), all(headers(detail.raw().headers()), ownMasked)),
            detail.dialect(),
            detail.conventions(),
            error(detail.error()),
            detail.source(),
            metadata,
            http,
            detail.warnings().stream().map(this::clean).toList(),
            detail.cut()),
        payload == null ? null : new RawRecord(key, value.bytes(), ownMasked),
        value.hidden());
  }

  /** A payload's JSON that was made from other bytes, masked; empty where it is hidden whole. */
  Optional<String> json(String decoded) {
    return JsonMask.mask(decoded, rules.paths(), rules::clean, this::remember);
  }

  private MaskedValue value(@Nullable RawBytes bytes, @Nullable Cut cut) {
    if (bytes == null || !rules.hidePayloads()) {
      return new MaskedValue(bytes, null);
    }
    if (cut != null && cut.payload()) {
      return new MaskedValue(null, NOT_WHOLE);
    }
    Optional<String> text = Payload.utf8(bytes);
    Optional<String> json = text.flatMap(this::json);
    if (json.isPresent()) {
      return new MaskedValue(RawBytes.utf8(json.get()), null);
    }
    if (!rules.paths().isEmpty()) {
      return new MaskedValue(null, NOT_JSON);
    }
    return text.isPresent()
        ? new MaskedValue(RawBytes.utf8(rules.clean(text.get())), null)
        : new MaskedValue(null, NOT_TEXT);
  }

  /** A text of the failure: without what the rules match, and without the hidden values. */
  String clean(String text) {
    if (values.size() > MAX_VALUES) {
      return MaskRules.MASK;
    }
    String cleaned = text;
    for (String value : values) {
      cleaned = cleaned.replace(value, MaskRules.MASK);
    }
    return rules.clean(cleaned);
  }

  private void remember(String value) {
    if (value.length() >= SHORTEST && values.size() <= MAX_VALUES) {
      values.add(value);
    }
  }

  private void collect(List<Header> headers) {
    for (Header header : headers) {
      if (header.value() != null && rules.hideHeader(header.name())) {
        remember(header.value().text());
      }
    }
  }

  private void collect(Map<String, List<String>> headers) {
    headers.forEach(
        (name, texts) -> {
          if (rules.hideHeader(name)) {
            texts.forEach(this::remember);
          }
        });
  }

  private static List<Header> all(List<Header> raw, List<Header> own) {
    List<Header> all = new ArrayList<>(raw);
    own.stream().filter(header -> !raw.contains(header)).forEach(all::add);
    return all;
  }

  /** Nothing of a key is shown that may be more than one plain text. */
  private @Nullable RawBytes key(@Nullable RawBytes key) {
    if (key == null || !rules.hidePayloads()) {
      return key;
    }
    Optional<String> text = Payload.utf8(key);
    return RawBytes.utf8(
        text.map(
                it ->
                    JsonMask.mask(it, rules.paths(), this::clean, this::remember)
                        .orElseGet(() -> clean(it)))
            .orElse(MaskRules.MASK));
  }

  private List<Header> headers(List<Header> headers) {
    return headers.stream().map(this::header).toList();
  }

  private Header header(Header header) {
    RawBytes value = header.value();
    if (value == null) {
      return header;
    }
    if (rules.hideHeader(header.name())) {
      return Header.utf8(header.name(), MaskRules.MASK);
    }
    Optional<String> text = Payload.utf8(value);
    if (text.isEmpty()) {
      return rules.texts().isEmpty() ? header : Header.utf8(header.name(), MaskRules.MASK);
    }
    return Header.utf8(header.name(), clean(text.get()));
  }

  private FailureError error(FailureError error) {
    return new FailureError(
        error.code(),
        cleanOrNull(error.message()),
        error.className(),
        error.rootCause(),
        cleanOrNull(error.stackTrace()));
  }

  private @Nullable String metadata(@Nullable String json) {
    if (json == null) {
      return null;
    }
    return JsonMask.mask(json, rules.paths(), this::clean, this::remember).orElse("{}");
  }

  private HttpDelivery delivery(HttpDelivery http) {
    collect(http.header());
    collect(http.response().header());
    collect(http.callbackHeader());
    collect(http.failureCallbackHeader());
    collect(http.failureCallbackResponse().header());
    Response response = response(http.response());
    Response callbackResponse = response(http.failureCallbackResponse());
    return new HttpDelivery(
        http.messageId(),
        http.workflowCreatedAt(),
        cleanOrNull(http.url()),
        http.method(),
        fields(http.header()),
        http.maxRetries(),
        http.retryDelayExpression(),
        http.notBefore(),
        http.createdAt(),
        response,
        http.rate(),
        http.parallelism(),
        http.period(),
        cleanOrNull(http.callback()),
        fields(http.callbackHeader()),
        cleanOrNull(http.failureCallback()),
        fields(http.failureCallbackHeader()),
        callbackResponse,
        http.topicName(),
        http.endpointName(),
        http.queueName(),
        http.scheduleId());
  }

  private Response response(Response response) {
    MaskedValue body = value(response.body(), null);
    return new Response(
        response.status(),
        fields(response.header()),
        body.hidden() == null ? body.bytes() : RawBytes.utf8(MaskRules.MASK));
  }

  private Map<String, List<String>> fields(Map<String, List<String>> headers) {
    Map<String, List<String>> masked = new HashMap<>();
    headers.forEach(
        (name, texts) -> {
          UnaryOperator<String> hide =
              rules.hideHeader(name) ? text -> MaskRules.MASK : this::clean;
          masked.put(name, texts.stream().map(hide).toList());
        });
    return masked;
  }

  private @Nullable String cleanOrNull(@Nullable String text) {
    return text == null ? null : clean(text);
  }
}
