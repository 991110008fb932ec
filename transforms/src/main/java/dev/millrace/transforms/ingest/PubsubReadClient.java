package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.schemas.Schema;

/** A client that reads as another does, and does nothing else. */
class PubsubReadClient extends PubsubClient {

  private final PubsubClient delegate;

  PubsubReadClient(PubsubClient delegate) {
    this.delegate = delegate;
  }

  @Override
  public List<IncomingMessage> pull(
      long requestTime, SubscriptionPath subscription, int batchSize, boolean returnImmediately)
      throws IOException {
    return delegate.pull(requestTime, subscription, batchSize, returnImmediately);
  }

  @Override
  public void acknowledge(SubscriptionPath subscription, List<String> ackIds) throws IOException {
    delegate.acknowledge(subscription, ackIds);
  }

  @Override
  public void modifyAckDeadline(SubscriptionPath subscription, List<String> ackIds, int seconds)
      throws IOException {
    delegate.modifyAckDeadline(subscription, ackIds, seconds);
  }

  @Override
  public int ackDeadlineSeconds(SubscriptionPath subscription) throws IOException {
    return delegate.ackDeadlineSeconds(subscription);
  }

  @Override
  public boolean isEOF() {
    return delegate.isEOF();
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }

  @Override
  public int publish(TopicPath topic, List<OutgoingMessage> messages) {
    throw onlyReads();
  }

  @Override
  public void createTopic(TopicPath topic) {
    throw onlyReads();
  }

  @Override
  public void createTopic(TopicPath topic, SchemaPath schema) {
    throw onlyReads();
  }

  @Override
  public void deleteTopic(TopicPath topic) {
    throw onlyReads();
  }

  @Override
  public List<TopicPath> listTopics(ProjectPath project) {
    throw onlyReads();
  }

  @Override
  public boolean isTopicExists(TopicPath topic) {
    throw onlyReads();
  }

  @Override
  public void createSubscription(TopicPath topic, SubscriptionPath subscription, int seconds) {
    throw onlyReads();
  }

  @Override
  public void deleteSubscription(SubscriptionPath subscription) {
    throw onlyReads();
  }

  @Override
  public List<SubscriptionPath> listSubscriptions(ProjectPath project, TopicPath topic) {
    throw onlyReads();
  }

  @Override
  public void createSchema(SchemaPath path, String content, com.google.pubsub.v1.Schema.Type type) {
    throw onlyReads();
  }

  @Override
  public void deleteSchema(SchemaPath path) {
    throw onlyReads();
  }

  @Override
  public SchemaPath getSchemaPath(TopicPath topic) {
    throw onlyReads();
  }

  @Override
  public Schema getSchema(SchemaPath path) {
    throw onlyReads();
  }

  private static UnsupportedOperationException onlyReads() {
    return new UnsupportedOperationException("this client reads a subscription, and only that");
  }
}
