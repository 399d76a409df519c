package io.skyline.worker.pack;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Packs tensors, each in the coding that takes the fewest bytes, by trying those that may. */
final class TensorPacker {
  /** Smaller tensors may be pooled. */
  static final int POOLED_BELOW = 4096;

  /** Larger tensors are written as they are. */
  private static final int MOST_ELEMENTS = 1 << 24;

  private final Elements elements;
  private final Hole hole;
  private final ContextBudget budget;
  private @Nullable Packed best;

  /**
   * A tensor, packed.
   *
   * @param coding how
   * @param bytes none if it is pooled
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Packed(TensorCoding coding, byte[] bytes) {}

  private TensorPacker(Elements elements, Hole hole, ContextBudget budget) {
    this.elements = elements;
    this.hole = hole;
    this.budget = budget;
  }

  static Packed pack(byte[] onnx, Hole hole, ContextBudget budget) {
    return new TensorPacker(Elements.of(onnx, hole), hole, budget).pack();
  }

  /** Packs what no pool takes. */
  static Packed packAlone(Elements elements, Hole hole, ContextBudget budget) {
    TensorPacker packer = new TensorPacker(elements, hole, budget);
    packer.byValues();
    return packer.orRaw();
  }

  private Packed pack() {
    if (elements.count() <= MOST_ELEMENTS) {
      HashedCoding.write(elements, hole, budget).ifPresent(out -> offer(TensorCoding.HASHED, out));
    }
    byValues();
    int length = elements.length();
    if (length < POOLED_BELOW) {
      // pooled elements shrink a little, too
      Packed pooled = new Packed(TensorCoding.POOLED, new byte[0]);
      return best != null && best.bytes.length < length * 3 / 4 ? best : pooled;
    }
    return orRaw();
  }

  private void byValues() {
    if (elements.count() <= MOST_ELEMENTS) {
      Codebook.spell(elements).ifPresent(this::spelled);
      sparse();
    }
  }

  private Packed orRaw() {
    int to = elements.at() + elements.length();
    byte[] content = Arrays.copyOfRange(elements.bytes(), elements.at(), to);
    if (best == null || mayBeRaw() && Estimate.mayTake(content, best.bytes.length)) {
      PackedWriter raw = new PackedWriter();
      RawCoding.write(raw, content, elements.size(), budget);
      offer(TensorCoding.RAW, raw);
    }
    return Objects.requireNonNull(best);
  }

  /**
   * A byte is its own symbol: where contexts of symbols are the best, those of bytes say no more;
   * where bytes repeat themselves, a codebook's symbols do and are the best.
   */
  private boolean mayBeRaw() {
    return elements.size() > 1 || Objects.requireNonNull(best).coding != TensorCoding.CONTEXTS;
  }

  private void offer(TensorCoding coding, PackedWriter packed) {
    if (best == null || packed.size() < best.bytes.length) {
      best = new Packed(coding, packed.toByteArray());
    }
  }

  private void spelled(Codebook.Spelled spelled) {
    int alphabet = spelled.codebook().size();
    if (alphabet > 1 && budget.take(SymbolContexts.decisions(elements.count(), alphabet))) {
      RangeEncoder coder = new RangeEncoder();
      SymbolContexts.code(spelled.symbols().clone(), alphabet, hole.row(), hole.window(), coder);
      byte[] coded = coder.finish();
      offer(TensorCoding.CONTEXTS, begin(spelled).number(coded.length).all(coded));
    }
    PackedWriter symbols = begin(spelled);
    if (best == null || SymbolStream.mayTake(spelled, best.bytes.length - symbols.size())) {
      SymbolStream.write(symbols, spelled.symbols(), alphabet, budget);
      offer(TensorCoding.CODEBOOK, symbols);
    }
    if (alphabet > 1 && alphabet <= HuffmanCode.LARGEST_ALPHABET) {
      sparse(spelled);
    }
  }

  private PackedWriter begin(Codebook.Spelled spelled) {
    PackedWriter out = new PackedWriter();
    spelled.codebook().write(out, elements.size());
    return out;
  }

  /** Where symbol 0 is frequent, as in pruned tensors. */
  private void sparse(Codebook.Spelled spelled) {
    int alphabet = spelled.codebook().size();
    if (spelled.counts()[0] < elements.count() / 2) {
      return;
    }
    SparseCoding sparse = SparseCoding.of(spelled.symbols(), spelled.counts(), 0);
    if (best == null || sparse.gapBits() + sparse.symbolBits(alphabet) < 8L * best.bytes.length) {
      PackedWriter out = begin(spelled);
      sparse.writeGaps(out, budget);
      SymbolStream.write(out, sparse.symbols(), alphabet, budget);
      offer(TensorCoding.SPARSE, out);
    }
  }

  /** Zeros and whatever values. */
  private void sparse() {
    char[] isKept = new char[elements.count()];
    int kept = 0;
    for (int i = 0; i < isKept.length; i++) {
      isKept[i] = (char) (elements.get(i) == 0 ? 0 : 1);
      kept += isKept[i];
    }
    if (kept > isKept.length / 2) {
      return;
    }
    SparseCoding sparse =
        SparseCoding.of(isKept, new int[] {isKept.length - kept, kept}, 8 * elements.size());
    byte[] values = new byte[sparse.entries() * elements.size()];
    Elements entries = new Elements(values, 0, sparse.entries(), elements.size());
    int next = 0;
    for (int i = 0, entry = 0; entry < sparse.entries(); entry++) {
      i += sparse.gaps()[entry];
      entries.put(next++, elements.get(i++));
    }
    if (best == null || Estimate.mayTake(values, best.bytes.length)) {
      PackedWriter out = new PackedWriter();
      sparse.writeGaps(out, budget);
      RawCoding.write(out, values, elements.size(), budget);
      offer(TensorCoding.SPARSE_RAW, out);
    }
  }
}
