package dev.millrace.transforms.ingest;

import org.jspecify.annotations.Nullable;

/** In the place of a file that has nothing to be read: says why, once. */
final class BrokenStream implements RecordStream {

  private final DamagedException damage;
  private long position;
  private boolean told;

  /**
   * @param position how much was read of it before
   */
  BrokenStream(long position, DamagedException damage) {
    this.position = position;
    this.damage = damage;
  }

  @Override
  public byte @Nullable [] next() throws DamagedException {
    if (told) {
      return null;
    }
    told = true;
    position++;
    throw damage;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() {}
}
