package dev.millrace.transforms.lookup;

import java.io.Closeable;
import java.io.IOException;

/** What fills a table, called by one thread. */
interface TableFeed extends Closeable {

  /** How the one who is fed is told how it goes. */
  interface Progress {
    /** The source was heard of. */
    void heard();

    /** So much was read, where a total is known. */
    void read(long records, String of);

    /** What is needed does not answer, and is asked again; what was loaded goes on to serve. */
    void away(String found);

    /** A record could not be taken, and belongs to no key that could be told so. */
    void refused(String found);
  }

  /** What messages call it. */
  String name();

  /**
   * Reads all that there is by now.
   *
   * @throws IOException naming the source, when it cannot be had, or is not what was declared
   */
  TableRecords load(Progress progress) throws IOException, InterruptedException;

  /**
   * Keeps {@code records} up to date, until all has to be loaded anew.
   *
   * @throws IOException when the source is away; what is there goes on to serve
   */
  void follow(TableRecords records, Progress progress) throws IOException, InterruptedException;
}
