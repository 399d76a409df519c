package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Every coder gives back what it took, and comes close to what theory promises. */
class CodersTest {
  @Property(tries = 60)
  void everyByteCoderGivesBackItsBytes(@ForAll @Size(max = 2000) byte[] random, @ForAll byte filler)
      throws ByteCoder.NotDecodableException {
    byte[] runs = new byte[random.length * 3];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = i % 7 < 5 ? filler : random[i / 3];
    }
    for (byte[] content : new byte[][] {random, runs}) {
      for (ByteCoder coder : ByteCoder.values()) {
        byte[] coded = coder.encode(content);
        byte[] decoded = new byte[content.length];
        if (content.length > 0) {
          coder.decode(coded, 0, coded.length, decoded);
        }
        assertThat(decoded).as("%s", coder).isEqualTo(content);
      }
    }
  }

  @Test
  void everyByteCoderFindsWhatRepeats() throws ByteCoder.NotDecodableException {
    byte[] content = "a model and its weights, ".repeat(400).getBytes(StandardCharsets.US_ASCII);
    for (ByteCoder coder : ByteCoder.values()) {
      byte[] coded = coder.encode(content);
      if (coder != ByteCoder.STORED) {
        assertThat(coded.length).as("%s", coder).isLessThan(200);
      }
      assertThat(coder.isPlausible(coded.length, content.length)).as("%s", coder).isTrue();
      // what is longer than it needs to be is not taken for the same
      byte[] longer = Arrays.copyOf(coded, coded.length + 9);
      Arrays.fill(longer, coded.length, longer.length, (byte) 3);
      assertThatExceptionOfType(ByteCoder.NotDecodableException.class)
          .as("%s", coder)
          .isThrownBy(() -> coder.decode(longer, 0, longer.length, new byte[content.length]));
    }
  }

  @Test
  void theMostExtremeExpansionIsPlausible() {
    byte[] zeros = new byte[8 << 20];
    for (ByteCoder coder : ByteCoder.values()) {
      byte[] content = coder.ordinal() > 4 ? Arrays.copyOf(zeros, 1 << 20) : zeros;
      int coded = coder.encode(content).length;
      assertThat(coder.isPlausible(coded, content.length)).as("%s: %d", coder, coded).isTrue();
      assertThat(coder.isPlausible(0, 1 << 28)).as("%s", coder).isFalse();
    }
  }

  @Property(tries = 200)
  void bitsComeBackInTheirOrder(
      @ForAll @Size(max = 200) int[] values, @ForAll @IntRange(min = 1, max = 32) int width) {
    BitWriter out = new BitWriter();
    long mask = (1L << width) - 1;
    for (int value : values) {
      out.write(value, width);
      out.write(1, 1);
    }
    byte[] bytes = out.toByteArray();
    assertThat(bytes.length).isEqualTo((values.length * (width + 1) + 7) / 8);
    BitReader in = new BitReader(bytes);
    for (int value : values) {
      assertThat(in.read(width)).isEqualTo(value & mask);
      assertThat(in.read(1)).isEqualTo(1);
    }
    assertThat(in.isOver()).isFalse();
    assertThat(in.read(9)).isZero();
    assertThat(in.isOver()).isTrue();
  }

  @Property(tries = 200)
  void huffmanCodesAreWholeAndNoLongerThanAllowed(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 0, max = 1 << 20) Integer> drawn) {
    int[] counts = drawn.stream().mapToInt(Integer::intValue).toArray();
    counts[0]++;
    HuffmanCode code = HuffmanCode.of(counts);
    for (int i = 0; i < counts.length; i++) {
      assertThat((int) code.lengths()[i]).isBetween(counts[i] == 0 ? 0 : 1, HuffmanCode.LONGEST);
      assertThat(code.lengths()[i] > 0).isEqualTo(counts[i] > 0);
    }
    // refuses lengths that are no whole code
    assertThat(HuffmanCode.ofLengths(code.lengths()).lengths()).isEqualTo(code.lengths());
    double entropy = Estimate.bits(counts);
    long total = Arrays.stream(counts).asLongStream().sum();
    assertThat((double) code.bits(counts)).isBetween(entropy - 1e-6, entropy * 1.02 + total);
  }

  @Test
  void huffmanCodesOfFibonacciCountsStayShort() {
    int[] counts = new int[40];
    counts[0] = 1;
    counts[1] = 1;
    for (int i = 2; i < counts.length; i++) {
      counts[i] = counts[i - 1] + counts[i - 2];
    }
    HuffmanCode code = HuffmanCode.of(counts);
    assertThat(code.lengths()).doesNotContain(0).contains(HuffmanCode.LONGEST);
    assertThat(HuffmanCode.ofLengths(code.lengths()).lengths()).isEqualTo(code.lengths());
  }

  @Test
  void lengthsThatMakeNoCodeAreRefused() {
    for (byte[] lengths : new byte[][] {{}, {0, 0}, {2}, {1, 1, 1}, {1, 2}, {15, 15}}) {
      assertThatIllegalArgumentException().isThrownBy(() -> HuffmanCode.ofLengths(lengths));
    }
    assertThat(HuffmanCode.ofLengths(new byte[] {0, 1, 0}).lengths()[1]).isEqualTo((byte) 1);
  }

  @Property(tries = 150)
  void symbolsComeBack(
      @ForAll @IntRange(min = 1, max = 700) int alphabet,
      @ForAll @IntRange(min = 0, max = 1500) int count,
      @ForAll @IntRange(min = 1, max = 5) int skew,
      @ForAll long seed) {
    char[] symbols = symbols(count, alphabet, skew, seed);
    PackedWriter out = new PackedWriter();
    SymbolStream.write(out, symbols, alphabet, new ContextBudget());
    PackedReader in = new PackedReader(out.toByteArray(), 0, "x");
    assertThat(SymbolStream.read(in, count, alphabet, "symbols")).isEqualTo(symbols);
    assertThat(in.remaining()).isZero();
  }

  private static char[] symbols(int count, int alphabet, int skew, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    char[] symbols = new char[count];
    for (int i = 0; i < count; i++) {
      symbols[i] = (char) (alphabet * Math.pow(random.nextDouble(), skew * 2 - 1));
    }
    return symbols;
  }

  @Property(tries = 150)
  void symbolsComeBackFromContexts(
      @ForAll @IntRange(min = 2, max = 300) int alphabet,
      @ForAll @IntRange(min = 0, max = 1500) int count,
      @ForAll @IntRange(min = 1, max = 60) int row,
      @ForAll @IntRange(min = 1, max = 5) int skew,
      @ForAll long seed) {
    char[] symbols = symbols(count, alphabet, skew, seed);
    RangeEncoder out = new RangeEncoder();
    SymbolContexts.code(symbols.clone(), alphabet, row, 1 + row / 9, out);
    byte[] coded = out.finish();
    RangeDecoder in = new RangeDecoder(coded, 0, coded.length);
    char[] decoded = new char[count];
    SymbolContexts.code(decoded, alphabet, row, 1 + row / 9, in);
    assertThat(decoded).isEqualTo(symbols);
    assertThat(in.isAtEnd()).isTrue();
  }

  @Property(tries = 200)
  void decisionsComeBack(
      @ForAll @Size(max = 400) boolean[] bits, @ForAll @IntRange(min = 1, max = 65535) int one) {
    RangeEncoder out = new RangeEncoder();
    for (int i = 0; i < bits.length; i++) {
      out.code(bits[i] ? 1 : 0, i % 2 == 0 ? one : 65536 - one);
    }
    byte[] coded = out.finish();
    RangeDecoder in = new RangeDecoder(coded, 0, coded.length);
    for (int i = 0; i < bits.length; i++) {
      assertThat(in.code(0, i % 2 == 0 ? one : 65536 - one)).isEqualTo(bits[i] ? 1 : 0);
    }
    assertThat(in.isAtEnd()).isTrue();
  }

  @Property(tries = 150)
  void sparseEntriesAreWhereTheyWere(
      @ForAll @IntRange(min = 1, max = 20000) int count,
      @ForAll @IntRange(min = 1, max = 2000) int every,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    char[] symbols = new char[count];
    for (int i = 0; i < count; i++) {
      symbols[i] = (char) (random.nextInt(every) == 0 ? 1 + random.nextInt(9) : 0);
    }
    symbols[count - 1] = 1;
    int[] counts = SymbolStream.counts(symbols, 10);
    for (SparseCoding sparse :
        new SparseCoding[] {
          SparseCoding.of(symbols, counts, 0), SparseCoding.fixed(symbols, counts, 4)
        }) {
      PackedWriter out = new PackedWriter();
      sparse.writeGaps(out, new ContextBudget());
      PackedReader in = new PackedReader(out.toByteArray(), 0, "x");
      int[] places = SparseCoding.readPlaces(in, count);
      char[] again = new char[count];
      for (int i = 0; i < places.length; i++) {
        again[places[i]] = sparse.symbols()[i];
      }
      assertThat(again).isEqualTo(symbols);
    }
  }

  @Property(tries = 200)
  void codebooksComeBack(
      @ForAll @Size(min = 1, max = 400) long[] values,
      @ForAll @IntRange(min = 0, max = 3) int log) {
    int size = 1 << log;
    Elements elements =
        new Elements(new byte[values.length * 2 * size], 0, values.length * 2, size);
    for (int i = 0; i < elements.count(); i++) {
      elements.put(i, i < values.length ? values[i] : values[0]);
    }
    Codebook.Spelled spelled = Codebook.spell(elements).orElseThrow();
    PackedWriter out = new PackedWriter();
    spelled.codebook().write(out, size);
    PackedReader in = new PackedReader(out.toByteArray(), 0, "x");
    Codebook codebook = Codebook.read(in, size, elements.count());
    assertThat(in.remaining()).isZero();
    for (int i = 0; i < elements.count(); i++) {
      assertThat(codebook.value(spelled.symbols()[i])).isEqualTo(elements.get(i));
    }
    int[] counts = spelled.counts();
    assertThat(counts[0]).isEqualTo(Arrays.stream(counts).max().orElseThrow());
    assertThat(counts).isEqualTo(SymbolStream.counts(spelled.symbols(), counts.length));
  }

  @Test
  void theDictionaryIsThatOfVersionTwo() throws NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(SkeletonDictionary.bytes());
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("6c90a14ce9cea29e183aa37a184226c0333751225a77ce84fa226b303329c3be");
  }
}
