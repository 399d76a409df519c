package io.skyline.worker.pack;

/**
 * The elements that are not symbol 0, each with the number of zeros before it in k bits; where more
 * zeros precede it, a filler zero is written for every 2^k of them (Han et al., 2016, "Deep
 * Compression", section 2).
 *
 * @param width k
 * @param gaps of all entries, fillers included
 * @param symbols of all entries; a filler's is 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SparseCoding(int width, char[] gaps, char[] symbols) {
  static final int WIDEST = 12;

  /** What a width would cost. */
  private record Cost(int width, long bits) {}

  /**
   * The sparse form of symbols with the gap width that gives the fewest bits, Huffman coded.
   *
   * @param valueBits of an entry's value, or 0 if it is a Huffman coded symbol
   */
  static SparseCoding of(char[] symbols, int[] counts, int valueBits) {
    int[] gaps = gaps(symbols, symbols.length - counts[0]);
    Cost best = new Cost(1, Long.MAX_VALUE);
    for (int width = 1; width <= WIDEST; width++) {
      Cost cost = cost(gaps, width, counts, valueBits);
      best = cost.bits < best.bits ? cost : best;
    }
    return narrowed(symbols, gaps, best.width);
  }

  /** The sparse form with the gap width that gives the fewest bits if nothing is Huffman coded. */
  static SparseCoding fixed(char[] symbols, int[] counts, int valueBits) {
    int[] gaps = gaps(symbols, symbols.length - counts[0]);
    Cost best = new Cost(1, Long.MAX_VALUE);
    for (int width = 1; width <= WIDEST; width++) {
      long entries = gaps.length;
      for (int gap : gaps) {
        entries += gap >> width;
      }
      Cost cost = new Cost(width, entries * (width + valueBits));
      best = cost.bits < best.bits ? cost : best;
    }
    return narrowed(symbols, gaps, best.width);
  }

  private static int[] gaps(char[] symbols, int kept) {
    int[] gaps = new int[kept];
    int zeros = 0;
    int next = 0;
    for (char symbol : symbols) {
      if (symbol == 0) {
        zeros++;
      } else {
        gaps[next++] = zeros;
        zeros = 0;
      }
    }
    return gaps;
  }

  private static Cost cost(int[] gaps, int width, int[] counts, int valueBits) {
    int[] byGap = new int[1 << width];
    int fillers = 0;
    for (int gap : gaps) {
      byGap[gap & (1 << width) - 1]++;
      fillers += gap >> width;
    }
    byGap[(1 << width) - 1] += fillers;
    long bits = HuffmanCode.of(byGap).bits(byGap) + (2L << width);
    if (valueBits > 0) {
      return new Cost(width, bits + (long) (gaps.length + fillers) * valueBits);
    }
    int[] values = counts.clone();
    values[0] = fillers;
    return new Cost(width, bits + HuffmanCode.of(values).bits(values));
  }

  private static SparseCoding narrowed(char[] symbols, int[] gaps, int width) {
    int entries = gaps.length;
    for (int gap : gaps) {
      entries += gap >> width;
    }
    char[] narrow = new char[entries];
    char[] values = new char[entries];
    int at = 0;
    int next = 0;
    for (int gap : gaps) {
      for (int fillers = gap >> width; fillers > 0; fillers--) {
        narrow[next++] = (char) ((1 << width) - 1);
      }
      at += gap;
      narrow[next] = (char) (gap & (1 << width) - 1);
      values[next++] = symbols[at++];
    }
    return new SparseCoding(width, narrow, values);
  }

  /** Entries, fillers included. */
  int entries() {
    return gaps.length;
  }

  /** Bits of all gaps, Huffman coded, without the code. */
  long gapBits() {
    return huffmanBits(gaps, 1 << width);
  }

  /** Bits of all symbols, Huffman coded, without the code. */
  long symbolBits(int alphabet) {
    return huffmanBits(symbols, alphabet);
  }

  private static long huffmanBits(char[] symbols, int alphabet) {
    int[] counts = SymbolStream.counts(symbols, alphabet);
    return HuffmanCode.of(counts).bits(counts);
  }

  void writeGaps(PackedWriter out, ContextBudget budget) {
    out.unsignedByte(width).number(gaps.length);
    SymbolStream.write(out, gaps, 1 << width, budget);
  }

  /** Where the entries of so many elements are: ascending. */
  static int[] readPlaces(PackedReader in, int elements) {
    int start = in.position();
    int width = in.number(1, WIDEST, "bits of a gap");
    int entries = in.number(0, elements, "entries of a sparse tensor");
    char[] gaps = SymbolStream.read(in, entries, 1 << width, "gaps");
    int[] places = new int[entries];
    long at = -1;
    for (int i = 0; i < entries; i++) {
      at += gaps[i] + 1;
      if (at >= elements) {
        throw in.bad(start, "a sparse tensor's entry " + at + " of " + elements + " elements");
      }
      places[i] = (int) at;
    }
    return places;
  }
}
