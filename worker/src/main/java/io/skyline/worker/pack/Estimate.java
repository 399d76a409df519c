package io.skyline.worker.pack;

import com.github.luben.zstd.Zstd;

/** Quick looks that spare trying coders which cannot win. */
final class Estimate {
  /** So little is coded rather than looked at. */
  static final int LITTLE = 512;

  private Estimate() {}

  /** Whether the best coder might take fewer bytes than this for such content. */
  static boolean mayTake(byte[] content, int fewer) {
    return content.length <= LITTLE || 4L * quick(content) < 5L * fewer;
  }

  /** Bytes after the fastest compression. */
  static int quick(byte[] content) {
    return Zstd.compress(content, 1).length;
  }

  /** Bytes that no coder can undercut which looks at single bytes alone. */
  static int entropy(byte[] content) {
    int[] counts = new int[256];
    for (byte value : content) {
      counts[value & 0xff]++;
    }
    return (int) (bits(counts) / 8);
  }

  /** The entropy of symbols that occur so often, in bits of all of them. */
  static double bits(int[] counts) {
    long total = 0;
    double bits = 0;
    for (int count : counts) {
      total += count;
      bits -= count == 0 ? 0 : count * StrictMath.log(count);
    }
    return total == 0 ? 0 : (bits + total * StrictMath.log(total)) / StrictMath.log(2);
  }
}
