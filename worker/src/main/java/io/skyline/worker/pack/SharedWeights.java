package io.skyline.worker.pack;

import java.util.Optional;

/**
 * The columns of Deep Compression's tables (Han et al., 2016, tables 4 and 5) for a tensor with few
 * distinct values: bits for each kept weight, fillers charged to those kept, codebook and code
 * tables not counted. They say what the paper's coding makes of the tensor, whichever coding the
 * file has.
 *
 * @param valueBits symbols of a fixed width
 * @param codedValueBits Huffman coded
 * @param indexBits gaps of the fixed width that is best; 0 if no gaps are needed
 * @param codedIndexBits Huffman coded
 */
public record SharedWeights(
    double valueBits, double codedValueBits, double indexBits, double codedIndexBits) {
  static Optional<SharedWeights> of(Codebook.Spelled spelled) {
    int alphabet = spelled.codebook().size();
    int count = spelled.symbols().length;
    int[] counts = spelled.counts();
    if (alphabet < 2 || alphabet > HuffmanCode.LARGEST_ALPHABET) {
      return Optional.empty();
    }
    int width = SymbolStream.width(alphabet);
    if (spelled.codebook().value(0) != 0 || counts[0] < count / 2) {
      double coded = (double) HuffmanCode.of(counts).bits(counts) / count;
      return Optional.of(new SharedWeights(width, coded, 0, 0));
    }
    double kept = count - counts[0];
    SparseCoding fixed = SparseCoding.fixed(spelled.symbols(), counts, width);
    SparseCoding coded = SparseCoding.of(spelled.symbols(), counts, 0);
    return Optional.of(
        new SharedWeights(
            width * fixed.entries() / kept,
            coded.symbolBits(alphabet) / kept,
            fixed.width() * fixed.entries() / kept,
            coded.gapBits() / kept));
  }
}
