package io.skyline.worker.pack;

import java.util.Arrays;
import java.util.Optional;

/**
 * The distinct values of a tensor, as bits: the most frequent one (0 where weights are pruned) is
 * symbol 0, the others follow in ascending order.
 */
final class Codebook {
  static final int MOST_VALUES = 1 << 16;

  private final long[] values;

  private Codebook(long[] values) {
    this.values = values;
  }

  /**
   * A tensor in symbols.
   *
   * @param symbols one for each element
   * @param counts how often each symbol occurs
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Spelled(Codebook codebook, char[] symbols, int[] counts) {}

  /** Spells a tensor, unless it has too many distinct values for that to pay. */
  static Optional<Spelled> spell(Elements elements) {
    int limit =
        Math.min(MOST_VALUES, elements.size() == 1 ? 256 : Math.max(1, elements.count() / 2));
    Optional<DistinctValues> found = DistinctValues.of(elements, limit);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    DistinctValues distinct = found.get();
    long[] ascending = distinct.ascending();
    int[] counts = new int[ascending.length];
    char[] rank = new char[elements.count()];
    for (int i = 0; i < rank.length; i++) {
      rank[i] = (char) distinct.rank(elements.get(i));
      counts[rank[i]]++;
    }
    int first = 0;
    for (int i = 1; i < counts.length; i++) {
      first = counts[i] > counts[first] ? i : first;
    }
    for (int i = 0; i < rank.length; i++) {
      rank[i] = (char) symbol(rank[i], first);
    }
    int[] bySymbol = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      bySymbol[symbol(i, first)] = counts[i];
    }
    return Optional.of(new Spelled(of(ascending, first), rank, bySymbol));
  }

  private static int symbol(int rank, int first) {
    return rank == first ? 0 : rank < first ? rank + 1 : rank;
  }

  private static Codebook of(long[] ascending, int first) {
    long[] values = new long[ascending.length];
    for (int i = 0; i < ascending.length; i++) {
      values[symbol(i, first)] = ascending[i];
    }
    return new Codebook(values);
  }

  int size() {
    return values.length;
  }

  long value(int symbol) {
    return values[symbol];
  }

  /**
   * Writes it: how many values, which of them is symbol 0, and the ascending values; of bytes more
   * than 32 as a map of 256 bits, else each without the low bits that are 0 in all of them.
   */
  void write(PackedWriter out, int elementSize) {
    long[] ascending = values.clone();
    sortUnsigned(ascending);
    out.number(values.length).number(find(ascending, values[0]));
    BitWriter bits = new BitWriter();
    if (isMap(elementSize, values.length)) {
      for (int i = 0, next = 0; i < 256; i++) {
        boolean has = next < ascending.length && ascending[next] == i;
        bits.write(has ? 1 : 0, 1);
        next += has ? 1 : 0;
      }
    } else {
      long any = 0;
      for (long value : ascending) {
        any |= value;
      }
      int zeros = any == 0 ? 8 * elementSize : Long.numberOfTrailingZeros(any);
      out.unsignedByte(zeros);
      for (long value : ascending) {
        write(bits, zeros == 64 ? 0 : value >>> zeros, 8 * elementSize - zeros);
      }
    }
    out.all(bits.toByteArray());
  }

  private static boolean isMap(int elementSize, int values) {
    return elementSize == 1 && values > 32;
  }

  private static void write(BitWriter bits, long value, int width) {
    if (width > 32) {
      bits.write(value >>> 32, width - 32);
    }
    bits.write(value, Math.min(32, width));
  }

  static Codebook read(PackedReader in, int elementSize, int elements) {
    int most = Math.min(elements, elementSize == 1 ? 256 : MOST_VALUES);
    int size = in.number(1, most, "values of a codebook");
    int first = in.number(0, size - 1, "the first symbol");
    return of(isMap(elementSize, size) ? map(in, size) : list(in, elementSize, size), first);
  }

  private static long[] map(PackedReader in, int size) {
    int start = in.skip(32, "a map of values");
    BitReader bits = new BitReader(Arrays.copyOfRange(in.bytes(), start, start + 32));
    long[] ascending = new long[256];
    int found = 0;
    for (int i = 0; i < 256; i++) {
      ascending[found] = i;
      found += (int) bits.read(1);
    }
    if (found != size) {
      throw in.bad(start, "a map of " + found + " values, not " + size);
    }
    return Arrays.copyOf(ascending, size);
  }

  private static long[] list(PackedReader in, int elementSize, int size) {
    int zeros = in.number(0, 8 * elementSize, "zero bits of a codebook");
    int width = 8 * elementSize - zeros;
    int length = (int) (((long) size * width + 7) / 8);
    int start = in.skip(length, "a codebook");
    BitReader bits = new BitReader(Arrays.copyOfRange(in.bytes(), start, start + length));
    long[] ascending = new long[size];
    for (int i = 0; i < size; i++) {
      long high = width > 32 ? bits.read(width - 32) << 32 : 0;
      long value = high | bits.read(Math.min(32, width));
      ascending[i] = zeros == 64 ? 0 : value << zeros;
      if (i > 0 && Long.compareUnsigned(ascending[i - 1], ascending[i]) >= 0) {
        throw in.bad(start, "values of a codebook that do not ascend");
      }
    }
    SymbolStream.requireFilled(bits.isAtEnd(), in, start);
    return ascending;
  }

  static void sortUnsigned(long[] values) {
    flip(values);
    Arrays.sort(values);
    flip(values);
  }

  /** Where a value is among ascending ones. */
  static int find(long[] ascending, long value) {
    int low = 0;
    int high = ascending.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(ascending[middle], value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void flip(long[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
  }
}
