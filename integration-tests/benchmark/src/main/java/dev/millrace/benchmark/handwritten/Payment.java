package dev.millrace.benchmark.handwritten;

/** A payment between the source and its customer's history; a POJO by Flink's rules. */
public final class Payment {
  public String id = "";
  public long time;
  public String customer = "";
  public String terminal = "";
  public double amount;
  public String currency = "";
  public int partition;
  public long offset;

  public Payment() {}
}
