package dev.millrace.transforms.registry;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer; one that is too large is not read to its end. */
public final class CappedBody implements BodySubscriber<byte[]> {

  /** No schema that people write comes near; a page that a proxy sends instead might. */
  static final int LARGEST = 4 << 20;

  /** The body was larger. */
  public static final class TooLargeException extends IOException {
    TooLargeException() {
      super("more than " + LARGEST + " bytes");
    }
  }

  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private Flow.@Nullable Subscription subscription;
  private long size;

  @Override
  public CompletionStage<byte[]> getBody() {
    return bytes.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    bytes.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      size += part.remaining();
    }
    if (size <= LARGEST) {
      bytes.onNext(parts);
    } else if (subscription != null) {
      subscription.cancel();
      subscription = null;
      bytes.onError(new TooLargeException());
    }
  }

  @Override
  public void onError(Throwable problem) {
    bytes.onError(problem);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
