// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** A body in memory, given up where it is longer than said. */
final class BoundedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> body = BodySubscribers.ofByteArray();
  private final int max;
  private @Nullable Subscription subscription;
  private long size;

  BoundedBody(int max) {
    this.max = max;
  }

  /** It is too long. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body.getBody();
  }

  @Override
  public void onSubscribe(Subscription to) {
    subscription = to;
    body.onSubscribe(to);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      size += part.remaining();
    }
    if (size <= max) {
      body.onNext(parts);
    } else if (subscription != null) {
      subscription.cancel();
      body.onError(new TooLongException());
    }
  }

  @Override
  public void onError(Throwable why) {
    body.onError(why);
  }

  @Override
  public void onComplete() {
    body.onComplete();
  }
}
