package dev.millrace.transforms.step;

import java.io.IOException;

/** That others have what was sent to them. It may be waited for on any thread. */
public interface Acknowledgement {

  /** Of a step that sends nothing. */
  Acknowledgement NONE = () -> {};

  /**
   * Returns when they have all.
   *
   * @throws IOException when something was refused
   */
  void await() throws IOException;
}
