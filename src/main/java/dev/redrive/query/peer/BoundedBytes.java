// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** A response's body, given up where it is longer than it may be. */
final class BoundedBytes implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private final int most;
  private long read;
  private Subscription subscription = new Ended();

  private static final class Ended implements Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  BoundedBytes(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return bytes.getBody();
  }

  @Override
  public void onSubscribe(Subscription begun) {
    subscription = begun;
    bytes.onSubscribe(begun);
  }

  @Override
  public void onNext(List<ByteBuffer> more) {
    read += more.stream().mapToLong(ByteBuffer::remaining).sum();
    if (read > most) {
      subscription.cancel();
      bytes.onError(new IllegalStateException("more than " + most + " bytes"));
    } else {
      bytes.onNext(more);
    }
  }

  @Override
  public void onError(Throwable error) {
    bytes.onError(error);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
