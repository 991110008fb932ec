package dev.millrace.pipelines.demo;

/** The topics that a card-fraud pipeline reads and writes. */
record Topics(String transactions, String labels, String decisions, String deadLetters) {

  static final Topics OF_CARD_FRAUD =
      new Topics("card.transactions", "card.labels", "card.decisions", "card.deadletters");
}
