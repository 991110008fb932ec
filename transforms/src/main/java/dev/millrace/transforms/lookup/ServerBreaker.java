package dev.millrace.transforms.lookup;

import dev.millrace.transforms.lookup.AskingRules.Breaker;
import dev.millrace.transforms.telemetry.StageCounter;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuit breaker before a server; says once when it opens, and when it closes again. */
final class ServerBreaker {

  private static final Logger LOG = LoggerFactory.getLogger(ServerBreaker.class);

  private final String server;
  private final CircuitBreaker breaker;
  private final StageCounter opened = StageCounter.of("lookup", "breakerOpened");
  private volatile String lastTrouble = "";

  ServerBreaker(String server, Breaker rules) {
    this.server = server;
    this.breaker =
        CircuitBreaker.of(
            server,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(rules.of())
                .minimumNumberOfCalls((rules.of() + 1) / 2)
                .failureRateThreshold(rules.percent())
                .waitDurationInOpenState(rules.open())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    breaker.getEventPublisher().onStateTransition(event -> tell(event.getStateTransition()));
  }

  private void tell(StateTransition transition) {
    switch (transition) {
      case CLOSED_TO_OPEN -> {
        opened.inc();
        LOG.warn("{} does not answer ({}); it is asked now and then", server, lastTrouble);
      }
      case HALF_OPEN_TO_CLOSED -> LOG.info("{} answers again", server);
      default -> {
        // From open to half open, and back: it is still away.
      }
    }
  }

  /** Whether a question may be put; then one of the three below is to follow. */
  boolean tryAcquire() {
    return breaker.tryAcquirePermission();
  }

  /** Whether there is a point in trying again. */
  boolean letsThrough() {
    return breaker.getState() != State.OPEN;
  }

  void answered() {
    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  void failed(Exception trouble) {
    lastTrouble = String.valueOf(trouble.getMessage());
    breaker.onError(0, TimeUnit.NANOSECONDS, trouble);
  }

  /** Of a question that was given up for another's sake. */
  void release() {
    breaker.releasePermission();
  }
}
