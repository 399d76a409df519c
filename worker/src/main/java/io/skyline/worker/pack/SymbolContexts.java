package io.skyline.worker.pack;

/**
 * Codes a tensor's symbols by what is around them: whether a symbol is 0 (as most pruned weights
 * are), by its neighbours, its row and its column; which other symbol it is, bit by bit from the
 * highest, as CABAC codes weights in DeepCABAC (Wiedemann et al., 2019).
 *
 * <p>An unread input pixel is a column of zeros, a dead neuron a row of them: contexts learn that
 * and no list of gaps can.
 */
final class SymbolContexts {
  /** Up to so many kept symbols are told apart by contexts of their neighbours, too. */
  private static final int FEW = 64;

  /** What filling the contexts' tables costs, in decisions. */
  private static final long SETUP = 1 << 10;

  private final char[] symbols;
  private final int alphabet;
  private final int row;
  private final int window;
  private final BinaryCoder coder;
  private final ContextMixer flags;
  private final ContextMixer values;
  private final int depth;
  private final int[] columns;
  private int kept;
  private int keptBefore;

  private SymbolContexts(char[] symbols, int alphabet, int row, int window, BinaryCoder coder) {
    this.symbols = symbols;
    this.alphabet = alphabet;
    this.row = row;
    this.window = window;
    this.coder = coder;
    this.depth = depth(alphabet);
    int wide = Math.min(1 << 16, Integer.highestOneBit(Math.max(1, row)) * 2);
    int tall = Math.min(1 << 16, Integer.highestOneBit(symbols.length / Math.max(1, row) + 1) * 2);
    this.flags =
        new ContextMixer(
            new int[] {1 << 8, 1 << 8, wide, tall, 1 << 10, 1 << 10, 1 << 10}, 16, 255, 6);
    int nodes = 1 << depth;
    this.values =
        alphabet <= FEW
            ? new ContextMixer(
                new int[] {nodes, nodes * 64, nodes * 64, nodes * 64}, nodes, 1023, 2)
            : new ContextMixer(new int[] {nodes}, 1, 1023, 0);
    this.columns = new int[row + 2];
  }

  /** Bits of a symbol that is not 0. */
  private static int depth(int alphabet) {
    return alphabet <= 2 ? 0 : 32 - Integer.numberOfLeadingZeros(alphabet - 2);
  }

  /** The most decisions that so many symbols take. */
  static long decisions(int count, int alphabet) {
    return SETUP + (long) count * (1 + depth(alphabet));
  }

  /**
   * Codes all symbols: an encoder those given, a decoder into the array.
   *
   * @param row symbols in a row: those in the same place of rows share a column
   * @param window symbols of a kernel's window within the row, or 1
   */
  static void code(char[] symbols, int alphabet, int row, int window, BinaryCoder coder) {
    SymbolContexts contexts = new SymbolContexts(symbols, alphabet, row, window, coder);
    for (int i = 0; i < symbols.length; i++) {
      contexts.next(i);
    }
  }

  private void next(int at) {
    int column = at % row;
    if (column == 0) {
      kept = 0;
    }
    int isKept = flags.code(coder, symbols[at] == 0 ? 0 : 1, flagContexts(at, column));
    if (isKept == 1) {
      int value = depth == 0 ? 1 : value(at, column);
      symbols[at] = (char) value;
      columns[column + 1]++;
      kept++;
      keptBefore = value;
    } else {
      symbols[at] = 0;
    }
  }

  private int flagContexts(int at, int column) {
    int y = at / row;
    int left = 0;
    for (int i = 1; i <= 8; i++) {
      left |= flag(at - i) << i - 1;
    }
    int above =
        flag(at - row)
            | flag(at - 2 * row) << 1
            | flag(at - 3 * row) << 2
            | flag(at - row - 1) << 3;
    int aboveRight = row > 1 ? flag(at - row + 1) : 0;
    int windows = flag(at - window) | flag(at - 2 * window) << 1 | flag(at - 3 * window) << 2;
    int near = columns[column] + columns[column + 1] + columns[column + 2];
    int density = level(near, 3 * y);
    flags.context(0, left);
    flags.context(1, above | aboveRight << 4 | (left & 7) << 5);
    flags.context(2, column);
    flags.context(3, y);
    flags.context(4, density << 5 | level(kept, column));
    flags.context(5, level(columns[column + 1], y) << 5 | level(kept, column));
    flags.context(6, windows | (at % window & 15) << 3 | (left & 7) << 7);
    return density >> 1;
  }

  private int flag(int at) {
    return at < 0 || symbols[at] == 0 ? 0 : 1;
  }

  /** A share in 32 steps that are about as wide as logits are: finest near 0. */
  private static int level(int part, int of) {
    if (of == 0) {
      return 31;
    }
    long share = (256L * part + 64) / (of + 1);
    return share >= 128 ? 24 + (int) Math.min(6, (share - 128) / 20) : LEVEL[(int) share];
  }

  private static final int[] LEVEL = new int[128];

  static {
    for (int share = 0; share < LEVEL.length; share++) {
      LEVEL[share] = share < 12 ? share : 12 + (share - 12) / 10;
    }
  }

  private int value(int at, int column) {
    boolean few = alphabet <= FEW;
    int above = few ? above(at, column) : 0;
    int node = 1;
    for (int bit = depth - 1; bit >= 0; bit--) {
      values.context(0, node);
      if (few) {
        values.context(1, node << 6 | keptBefore);
        values.context(2, node << 6 | above);
        values.context(3, node << 6 | at / row & 63);
      }
      node = node << 1 | values.code(coder, symbols[at] - 1 >> bit & 1, few ? node : 0);
    }
    int value = (node & (1 << depth) - 1) + 1;
    return value < alphabet ? value : 0;
  }

  /** The nearest kept symbol above. */
  private int above(int at, int column) {
    for (int i = at - row, steps = 0; i >= 0 && steps < 4; i -= row, steps++) {
      if (symbols[i] != 0) {
        return symbols[i];
      }
    }
    return 0;
  }
}
