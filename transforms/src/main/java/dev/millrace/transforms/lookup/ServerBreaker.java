package dev.millrace.transforms.lookup;

import dev.failsafe.CircuitBreaker;
import dev.millrace.transforms.lookup.AskingRules.Breaker;
import dev.millrace.transforms.telemetry.StageCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuit breaker before a server; says once when it opens, and when it closes again. */
final class ServerBreaker {

  private static final Logger LOG = LoggerFactory.getLogger(ServerBreaker.class);

  private final String server;
  private final CircuitBreaker<Object> breaker;
  private final StageCounter opened = StageCounter.of("lookup", "breakerOpened");
  private volatile String lastTrouble = "";

  ServerBreaker(String server, Breaker rules) {
    this.server = server;
    this.breaker =
        CircuitBreaker.builder()
            .withFailureThreshold(rules.failures(), rules.of())
            .withDelay(rules.open())
            .withSuccessThreshold(1)
            .onOpen(event -> tellOpen(event.getPreviousState()))
            .onClose(event -> LOG.info("{} answers again", server))
            .build();
  }

  private void tellOpen(CircuitBreaker.State before) {
    if (before == CircuitBreaker.State.CLOSED) { // else it is still away
      opened.inc();
      LOG.warn("{} does not answer ({}); it is asked now and then", server, lastTrouble);
    }
  }

  /** Whether a question may be put; then one of the three below is to follow. */
  boolean tryAcquire() {
    return breaker.tryAcquirePermit();
  }

  /** Whether there is a point in trying again. */
  boolean letsThrough() {
    return !breaker.isOpen();
  }

  void answered() {
    breaker.recordSuccess();
  }

  void failed(Exception trouble) {
    lastTrouble = String.valueOf(trouble.getMessage());
    breaker.recordFailure();
  }

  /** Of a question that was given up for another's sake: nobody knows how it would have ended. */
  void release() {
    breaker.recordFailure();
  }
}
