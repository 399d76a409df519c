package io.skyline.worker.pack;

import java.util.List;

/** Bytes in the coder that makes the fewest of them: the coder, their number, they themselves. */
final class Section {
  /** No larger section is coded by contexts. */
  private static final int MOST_BY_CONTEXTS = 1 << 16;

  private static final List<ByteCoder> DICTIONARIES =
      List.of(ByteCoder.ZSTD, ByteCoder.LZMA, ByteCoder.DEFLATE, ByteCoder.LZ4);

  /**
   * The others lose to contexts: of 740 sections of 60 models of the mobile space they were best in
   * one, by a dozen bytes.
   */
  private static final ByteCoder BESIDE_CONTEXTS = ByteCoder.ZSTD;

  private Section() {}

  /** Writes bytes whose number the reader knows. */
  static void write(PackedWriter out, byte[] content, ContextBudget budget) {
    write(out, content, ByteCoder.CONTEXTS, budget);
  }

  /** Writes a model's skeleton. */
  static void writeSkeleton(PackedWriter out, byte[] skeleton, ContextBudget budget) {
    write(out, skeleton, ByteCoder.PRIMED_CONTEXTS, budget);
  }

  private static void write(
      PackedWriter out, byte[] content, ByteCoder contexts, ContextBudget budget) {
    if (content.length == 0) {
      return;
    }
    ByteCoder best = ByteCoder.STORED;
    byte[] fewest = content;
    List<ByteCoder> candidates = candidates(content);
    boolean slow =
        !candidates.isEmpty()
            && content.length <= MOST_BY_CONTEXTS
            && budget.take(contexts.decisions(content.length));
    for (ByteCoder coder : slow ? List.of(BESIDE_CONTEXTS) : candidates) {
      byte[] coded = coder.encode(content);
      // the length of stored bytes needs not be said
      if (coded.length + 2 < fewest.length) {
        best = coder;
        fewest = coded;
      }
    }
    byte[] coded = slow ? contexts.encode(content) : content;
    if (coded.length + 2 < fewest.length) {
      best = contexts;
      fewest = coded;
    }
    out.unsignedByte(best.ordinal());
    if (best != ByteCoder.STORED) {
      out.number(fewest.length);
    }
    out.all(fewest);
  }

  /** All for what is little or repeats itself, none for noise. */
  private static List<ByteCoder> candidates(byte[] content) {
    if (content.length <= Estimate.LITTLE) {
      return DICTIONARIES;
    }
    int quick = Estimate.quick(content);
    if (quick > content.length - content.length / 200) {
      return List.of();
    }
    boolean repeats = quick < Estimate.entropy(content) / 100 * 98;
    return repeats && content.length <= ByteCoder.LARGE ? DICTIONARIES : List.of(ByteCoder.ZSTD);
  }

  /** Reads so many bytes. */
  static byte[] read(PackedReader in, int length, String what) {
    if (length == 0) {
      return new byte[0];
    }
    int start = in.position();
    int number = in.unsignedByte();
    if (number >= ByteCoder.values().length) {
      throw in.bad(start, what + ": no coder has the number " + number);
    }
    ByteCoder coder = ByteCoder.values()[number];
    int coded =
        coder == ByteCoder.STORED ? length : in.number(0, in.remaining(), "bytes of " + what);
    int at = in.skip(coded, what);
    if (!coder.isPlausible(coded, length)) {
      throw in.bad(start, what + ": " + coded + " bytes cannot be " + length);
    }
    in.spend(coder.decisions(length));
    byte[] content = new byte[length];
    try {
      coder.decode(in.bytes(), at, coded, content);
    } catch (ByteCoder.NotDecodableException e) {
      throw in.bad(at, what + " in " + coder + ": " + e.getMessage());
    }
    return content;
  }
}
