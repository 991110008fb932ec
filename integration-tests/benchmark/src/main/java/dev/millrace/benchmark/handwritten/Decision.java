package dev.millrace.benchmark.handwritten;

/**
 * A payment with what its customer did before and, once the model was asked, what is decided. Never
 * sent over the network: all that handle it are chained.
 */
public final class Decision {
  public Payment payment = new Payment();

  /** How many payments the customer made in each of {@link CustomerHistory#WINDOWS}. */
  public long[] counts = new long[CustomerHistory.WINDOWS];

  /** Their mean amount. */
  public double[] means = new double[CustomerHistory.WINDOWS];

  public long weekend;
  public long night;
  public double probability;
  public long modelMicros;
  public String decision = "";

  public Decision() {}
}
