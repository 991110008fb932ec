package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.io.Serializable;

/**
 * Where records are, each with a key: an immutable description that travels to the workers and is
 * equal to another of the same. It holds no secret, only where each is to be had.
 */
public interface ReferenceSource extends Serializable {

  /** What messages call it. */
  String name();

  /** Whether others are asked, which takes time, and not a table in this JVM. */
  boolean isRemote();

  /**
   * Refuses a column that no record of it can give, as far as that is known without a look.
   *
   * @throws IllegalArgumentException saying what was found and what is expected
   */
  default void checkColumn(LookupColumn column) {}

  /**
   * Looks, before launch, whether it is there and has what is wanted.
   *
   * @throws IllegalArgumentException saying what was found and what is expected
   * @throws IOException when nobody answers, which may pass
   */
  void check(LookupColumns columns) throws IOException;

  /**
   * Opens it on the worker; nothing needs to be there yet.
   *
   * @param rules for a source that is remote
   */
  Reference open(LookupColumns columns, AskingRules rules);
}
