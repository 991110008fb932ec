package dev.millrace.benchmark.handwritten;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The work as a DataStream job: two chains with one shuffle between them, payments as POJOs, one
 * {@code ValueState} per customer, the model asked about up to 128 payments at a time, decisions
 * written at least once.
 */
public final class NativeJob {

  private NativeJob() {}

  /**
   * Defines the job.
   *
   * @param batchMillis how long a payment waits at most for others
   */
  public static void define(StreamExecutionEnvironment flink, Work work, long batchMillis) {
    // No copies between chained operators: none of these writes into what it was given.
    flink.getConfig().enableObjectReuse();
    KafkaSource<Payment> source =
        KafkaSource.<Payment>builder()
            .setBootstrapServers(work.bootstrapServers())
            .setTopics(work.input())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new ReadPayment(work.format()))
            .build();
    KafkaSink<Decision> sink =
        KafkaSink.<Decision>builder()
            .setBootstrapServers(work.bootstrapServers())
            .setKafkaProducerConfig(work.producerProperties())
            .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .setRecordSerializer(new WriteDecision(work))
            .build();
    DataStream<Decision> known =
        flink
            .fromSource(source, WatermarkStrategy.noWatermarks(), "Payments")
            .keyBy(payment -> payment.customer)
            .process(new KnowCustomer())
            .name("Customer history");
    known
        .transform("Score", known.getType(), new ScoreOperator(work.model(), batchMillis))
        .sinkTo(sink)
        .name("Decisions");
  }
}
