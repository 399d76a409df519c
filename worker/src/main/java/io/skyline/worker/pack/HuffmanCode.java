package io.skyline.worker.pack;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A canonical Huffman code (Huffman, 1952; Schwartz and Kallick, 1964): the lengths of its words
 * say all. Words are ordered by length, then by symbol, as in DEFLATE.
 */
final class HuffmanCode {
  /** No word is longer: lengths fit four bits. */
  static final int LONGEST = 15;

  /** No larger alphabet has a Huffman code here. */
  static final int LARGEST_ALPHABET = 1 << 12;

  private final byte[] lengths;

  private HuffmanCode(byte[] lengths) {
    this.lengths = lengths;
  }

  /** The best code for symbols that occur so often, of words that are not longer than allowed. */
  static HuffmanCode of(int[] counts) {
    int[] flattened = counts.clone();
    byte[] lengths = lengths(flattened);
    while (longest(lengths) > LONGEST) {
      for (int i = 0; i < flattened.length; i++) {
        flattened[i] = flattened[i] == 0 ? 0 : flattened[i] / 2 + 1;
      }
      lengths = lengths(flattened);
    }
    return new HuffmanCode(lengths);
  }

  /**
   * The code of these word lengths (0: the symbol has none).
   *
   * @throws IllegalArgumentException if no words have them, or not all bits mean something
   */
  static HuffmanCode ofLengths(byte[] lengths) {
    int symbols = 0;
    long room = 0;
    for (byte length : lengths) {
      if (length > 0) {
        symbols++;
        room += 1L << (LONGEST - length);
      }
    }
    boolean single = symbols == 1 && room == 1L << (LONGEST - 1);
    if (!single && room != 1L << LONGEST) {
      throw new IllegalArgumentException("these lengths make no code");
    }
    return new HuffmanCode(lengths.clone());
  }

  private static int longest(byte[] lengths) {
    int longest = 0;
    for (byte length : lengths) {
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** Word lengths by merging the two rarest over and over: two queues over the sorted counts. */
  private static byte[] lengths(int[] counts) {
    int[] symbols =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(i -> counts[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int leaves = symbols.length;
    byte[] lengths = new byte[counts.length];
    if (leaves == 1) {
      lengths[symbols[0]] = 1;
    }
    if (leaves < 2) {
      return lengths;
    }
    long[] weight = new long[2 * leaves - 1];
    int[] parent = new int[2 * leaves - 1];
    for (int i = 0; i < leaves; i++) {
      weight[i] = counts[symbols[i]];
    }
    int leaf = 0;
    int inner = leaves;
    for (int made = leaves; made < weight.length; made++) {
      for (int child = 0; child < 2; child++) {
        boolean fromLeaves = leaf < leaves && (inner >= made || weight[leaf] <= weight[inner]);
        int rarest = fromLeaves ? leaf++ : inner++;
        weight[made] += weight[rarest];
        parent[rarest] = made;
      }
    }
    int[] depth = new int[weight.length];
    for (int i = weight.length - 2; i >= 0; i--) {
      depth[i] = depth[parent[i]] + 1;
      if (i < leaves) {
        lengths[symbols[i]] = (byte) Math.min(depth[i], Byte.MAX_VALUE);
      }
    }
    return lengths;
  }

  byte[] lengths() {
    return lengths.clone();
  }

  /** Bits that symbols take which occur so often. */
  long bits(int[] counts) {
    long bits = 0;
    for (int i = 0; i < counts.length; i++) {
      bits += (long) counts[i] * lengths[i];
    }
    return bits;
  }

  /** The words of all symbols, to be written highest bit first. */
  private int[] words() {
    int[] next = firstWords(wordsOfLength());
    int[] words = new int[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      words[i] = lengths[i] == 0 ? 0 : next[lengths[i]]++;
    }
    return words;
  }

  private int[] wordsOfLength() {
    int[] number = new int[LONGEST + 1];
    for (byte length : lengths) {
      number[length]++;
    }
    number[0] = 0;
    return number;
  }

  /** The symbols that have words, the shortest first. */
  private int[] byLength(int[] number) {
    int[] next = new int[LONGEST + 1];
    for (int length = 1; length <= LONGEST; length++) {
      next[length] = next[length - 1] + number[length - 1];
    }
    int[] sorted = new int[next[LONGEST] + number[LONGEST]];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        sorted[next[lengths[symbol]]++] = symbol;
      }
    }
    return sorted;
  }

  private static int[] firstWords(int[] number) {
    int[] first = new int[LONGEST + 1];
    for (int length = 1; length <= LONGEST; length++) {
      first[length] = first[length - 1] + number[length - 1] << 1;
    }
    return first;
  }

  byte[] encode(char[] symbols) {
    int[] words = words();
    BitWriter bits = new BitWriter();
    for (char symbol : symbols) {
      bits.write(words[symbol], lengths[symbol]);
    }
    return bits.toByteArray();
  }

  /**
   * Reads symbols until the array is full.
   *
   * @return whether the bytes were enough, valid and all needed
   */
  boolean decode(byte[] bytes, char[] symbols) {
    int[] number = wordsOfLength();
    int[] first = firstWords(number);
    int[] sorted = byLength(number);
    BitReader bits = new BitReader(bytes);
    for (int i = 0; i < symbols.length; i++) {
      int word = 0;
      int before = 0;
      int length = 1;
      for (; length <= LONGEST; length++) {
        word = word << 1 | (int) bits.read(1);
        if (word - first[length] < number[length]) {
          symbols[i] = (char) sorted[before + word - first[length]];
          break;
        }
        before += number[length];
      }
      if (length > LONGEST || bits.isOver()) {
        return false;
      }
    }
    return bits.isAtEnd();
  }
}
