package dev.millrace.benchmark.handwritten;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Adds each payment to its customer's history, drops repeats, and forgets idle customers. */
final class KnowCustomer extends KeyedProcessFunction<String, Payment, Decision> {

  private transient ValueState<CustomerHistory> state;

  @SuppressWarnings("NullAway.Init") // the state is made on the worker
  KnowCustomer() {}

  @Override
  public void open(OpenContext context) {
    state =
        getRuntimeContext().getState(new ValueStateDescriptor<>("history", CustomerHistory.class));
  }

  @Override
  public void processElement(Payment payment, Context context, Collector<Decision> out)
      throws Exception {
    CustomerHistory history = state.value();
    long now = context.timerService().currentProcessingTime();
    if (history == null) {
      history = new CustomerHistory();
      context.timerService().registerProcessingTimeTimer(now + CustomerHistory.RETENTION);
    }
    Decision decision = new Decision();
    decision.payment = payment;
    if (history.add(payment, decision)) {
      history.lastSeen = now;
      state.update(history);
      out.collect(decision);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Decision> out)
      throws Exception {
    CustomerHistory history = state.value();
    if (history != null && history.lastSeen + CustomerHistory.RETENTION > timestamp) {
      context
          .timerService()
          .registerProcessingTimeTimer(history.lastSeen + CustomerHistory.RETENTION);
    } else {
      state.clear();
    }
  }
}
