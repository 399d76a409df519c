package io.skyline.worker.pack;

import java.util.Arrays;
import java.util.Set;

/** Symbols of one alphabet, in bits of a fixed width or Huffman coded, whichever is less. */
final class SymbolStream {
  private static final int FIXED = 0;
  private static final int HUFFMAN = 1;

  /** Alphabets of which more symbols fit a byte as digits of a number than as bits. */
  private static final Set<Integer> DIGITS = Set.of(3, 5, 6);

  private SymbolStream() {}

  static void write(PackedWriter out, char[] symbols, int alphabet, ContextBudget budget) {
    if (alphabet == 1 || symbols.length == 0) {
      return;
    }
    PackedWriter best = new PackedWriter();
    if (alphabet <= HuffmanCode.LARGEST_ALPHABET) {
      HuffmanCode code = HuffmanCode.of(counts(symbols, alphabet));
      best.unsignedByte(HUFFMAN);
      Section.write(best, nibbles(code.lengths()), budget);
      byte[] bits = code.encode(symbols);
      best.number(bits.length).all(bits);
    }
    byte[] digits = fixed(symbols, alphabet);
    if (best.size() == 0 || Estimate.mayTake(digits, best.size())) {
      PackedWriter fixed = new PackedWriter().unsignedByte(FIXED);
      Section.write(fixed, digits, budget);
      best = best.size() == 0 || fixed.size() <= best.size() ? fixed : best;
    }
    out.all(best.toByteArray());
  }

  /** Whether a tensor's symbols might take fewer bytes than this. */
  static boolean mayTake(Codebook.Spelled spelled, int fewer) {
    return Estimate.bits(spelled.counts()) / 8 < fewer
        || Estimate.mayTake(fixed(spelled.symbols(), spelled.codebook().size()), fewer);
  }

  static int[] counts(char[] symbols, int alphabet) {
    int[] counts = new int[alphabet];
    for (char symbol : symbols) {
      counts[symbol]++;
    }
    return counts;
  }

  /** Reads so many symbols. */
  static char[] read(PackedReader in, int count, int alphabet, String what) {
    if (alphabet == 1 || count == 0) {
      return new char[count];
    }
    int most = alphabet <= HuffmanCode.LARGEST_ALPHABET ? HUFFMAN : FIXED;
    int mode = in.number(FIXED, most, "coding of " + what);
    if (mode == FIXED) {
      int start = in.position();
      byte[] bytes = Section.read(in, fixedLength(count, alphabet), what);
      return fixed(bytes, count, alphabet, in, start);
    }
    int start = in.position();
    byte[] packed = Section.read(in, (alphabet + 1) / 2, "lengths of words");
    byte[] lengths = nibbles(packed, alphabet, in, start);
    HuffmanCode code;
    try {
      code = HuffmanCode.ofLengths(lengths);
    } catch (IllegalArgumentException e) {
      throw in.bad(start, what + ": " + e.getMessage());
    }
    int length = in.number(0, in.remaining(), "bytes of " + what);
    int at = in.skip(length, what);
    if (count > 8L * length) {
      throw in.bad(at, what + ": " + length + " bytes cannot be " + count + " words");
    }
    char[] symbols = new char[count];
    if (!code.decode(Arrays.copyOfRange(in.bytes(), at, at + length), symbols)) {
      throw in.bad(at, what + ": no words of its Huffman code");
    }
    return symbols;
  }

  private static byte[] nibbles(byte[] values) {
    BitWriter bits = new BitWriter();
    for (byte value : values) {
      bits.write(value, 4);
    }
    return bits.toByteArray();
  }

  private static byte[] nibbles(byte[] packed, int count, PackedReader in, int start) {
    BitReader bits = new BitReader(packed);
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) bits.read(4);
    }
    requireFilled(bits.isAtEnd(), in, start);
    return values;
  }

  /** Bits of a symbol. */
  static int width(int alphabet) {
    return 32 - Integer.numberOfLeadingZeros(alphabet - 1);
  }

  private static int digits(int alphabet) {
    return alphabet == 3 ? 5 : 3;
  }

  static int fixedLength(int count, int alphabet) {
    return DIGITS.contains(alphabet)
        ? (count - 1) / digits(alphabet) + 1
        : (int) (((long) count * width(alphabet) + 7) / 8);
  }

  private static byte[] fixed(char[] symbols, int alphabet) {
    BitWriter bits = new BitWriter();
    if (DIGITS.contains(alphabet)) {
      int digits = digits(alphabet);
      for (int i = 0; i < symbols.length; i += digits) {
        int number = 0;
        for (int j = Math.min(i + digits, symbols.length) - 1; j >= i; j--) {
          number = number * alphabet + symbols[j];
        }
        bits.write(number, 8);
      }
      return bits.toByteArray();
    }
    int width = width(alphabet);
    for (char symbol : symbols) {
      bits.write(symbol, width);
    }
    return bits.toByteArray();
  }

  private static char[] fixed(byte[] bytes, int count, int alphabet, PackedReader in, int start) {
    char[] symbols = new char[count];
    if (DIGITS.contains(alphabet)) {
      int digits = digits(alphabet);
      for (int i = 0; i < count; i++) {
        int number = bytes[i / digits] & 0xff;
        symbols[i] = (char) (number % alphabet);
        bytes[i / digits] = (byte) (number / alphabet);
      }
      for (byte beyond : bytes) {
        requireFilled(beyond == 0, in, start);
      }
      return symbols;
    }
    BitReader bits = new BitReader(bytes);
    int width = width(alphabet);
    for (int i = 0; i < count; i++) {
      symbols[i] = (char) bits.read(width);
      if (symbols[i] >= alphabet) {
        throw in.bad(start, "symbol " + (int) symbols[i] + " in an alphabet of " + alphabet);
      }
    }
    requireFilled(bits.isAtEnd(), in, start);
    return symbols;
  }

  /** One tensor has one packed form: what no symbol uses is zero. */
  static void requireFilled(boolean zeros, PackedReader in, int start) {
    if (!zeros) {
      throw in.bad(start, "bits behind the last symbol are not zero");
    }
  }
}
