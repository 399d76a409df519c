package io.skyline.coordinator.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Some bytes of a stream, as a stream of its own. */
final class PartStream extends FilterInputStream {
  private long left;

  /**
   * @param whole closed with this
   * @throws IOException if it ends before the part begins
   */
  PartStream(InputStream whole, long offset, long bytes) throws IOException {
    super(whole);
    this.left = bytes;
    try {
      whole.skipNBytes(offset);
    } catch (IOException e) {
      whole.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    int next = super.read();
    left -= next < 0 ? 0 : 1;
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = super.read(into, offset, (int) Math.min(length, left));
    left -= Math.max(0, read);
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = super.skip(Math.min(bytes, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(left, super.available());
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
