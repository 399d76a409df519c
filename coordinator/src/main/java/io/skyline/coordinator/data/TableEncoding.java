package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Feature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How records of a table become features, measured on training data alone. A record has a number a
 * column: the value, the index of a category, or NaN for what is missing.
 */
final class TableEncoding {
  private static final int MOST_CATEGORIES = 1000;
  private static final int MOST_FEATURES = 4096;

  /** Medians are exact up to so many training records, else those of a sample of as many. */
  private static final int SAMPLE = 100_000;

  private final List<Column> columns = new ArrayList<>();
  private final List<Feature> features = new ArrayList<>();

  /**
   * One column.
   *
   * @param categories all words of a categorical column, by index; null for a numeric one
   */
  record RawColumn(String name, @Nullable List<String> categories) {}

  /** Where a column's features begin; for a category index, which feature it is (-1: another). */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Column(int first, float median, int @Nullable [] places) {
    int width() {
      return places == null ? 1 : Arrays.stream(places).max().orElse(-1) + 2;
    }
  }

  /** Measures. */
  TableEncoding(List<RawColumn> raw, SplitExamples train, String name) {
    for (int c = 0; c < raw.size(); c++) {
      RawColumn column = raw.get(c);
      if (column.categories() == null) {
        float median = median(train, c, name + ", column '" + column.name() + "'");
        columns.add(new Column(features.size(), median, null));
        features.add(new Feature(column.name(), median));
      } else {
        categories(column, column.categories(), train, c);
      }
      if (features.size() > MOST_FEATURES) {
        throw new DataException(
            "%s would have more than %,d features".formatted(name, MOST_FEATURES),
            "ignore columns with many categories");
      }
    }
  }

  private void categories(RawColumn column, List<String> words, SplitExamples train, int c) {
    boolean[] seen = new boolean[words.size()];
    float[] record = new float[train.shape().channels()];
    for (int i = 0; i < train.count(); i++) {
      read(train, i, record);
      if (!Float.isNaN(record[c])) {
        seen[(int) record[c]] = true;
      }
    }
    List<Integer> known = new ArrayList<>();
    for (int w = 0; w < seen.length; w++) {
      if (seen[w]) {
        known.add(w);
      }
    }
    if (known.size() > MOST_CATEGORIES) {
      throw new DataException(
          "column '%s' has %,d different words, more than %,d categories"
              .formatted(column.name(), known.size(), MOST_CATEGORIES),
          "write columns: {%s: ignore}, if it names examples".formatted(column.name()));
    }
    known.sort((a, b) -> words.get(a).compareTo(words.get(b)));
    int[] places = new int[words.size()];
    Arrays.fill(places, -1);
    int first = features.size();
    for (int k = 0; k < known.size(); k++) {
      places[known.get(k)] = k;
      features.add(new Feature(column.name() + "=" + words.get(known.get(k)), 0));
    }
    features.add(new Feature(column.name() + " missing or other", 1));
    columns.add(new Column(first, 0, places));
  }

  /** The lower median of a column's numbers, by a sample if there are very many. */
  private static float median(SplitExamples train, int c, String what) {
    float[] record = new float[train.shape().channels()];
    float[] sample = new float[Math.min(train.count(), SAMPLE)];
    SplittableRandom random = new SplittableRandom(1);
    int seen = 0;
    for (int i = 0; i < train.count(); i++) {
      read(train, i, record);
      if (Float.isNaN(record[c])) {
        continue;
      }
      if (seen < sample.length) {
        sample[seen] = record[c];
      } else {
        int at = random.nextInt(seen + 1);
        if (at < sample.length) {
          sample[at] = record[c];
        }
      }
      seen++;
    }
    if (seen == 0) {
      throw new DataException(
          what + " has no number in the training data", "ignore it, or check its type");
    }
    int size = Math.min(seen, sample.length);
    Arrays.sort(sample, 0, size);
    return sample[(size - 1) / 2];
  }

  private static void read(SplitExamples raw, int example, float[] into) {
    byte[] bytes = new byte[raw.recordBytes()];
    raw.read(example, bytes);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(into);
  }

  List<Feature> features() {
    return features;
  }

  /** The features of records. */
  SplitExamples encode(SplitExamples raw) {
    return new Encoded(raw);
  }

  private final class Encoded implements SplitExamples {
    private final SplitExamples raw;
    private final float[] record;
    private final Shape shape = Shape.flat(features.size());

    Encoded(SplitExamples raw) {
      this.raw = raw;
      this.record = new float[raw.shape().channels()];
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public boolean areFloats() {
      return true;
    }

    @Override
    public int count() {
      return raw.count();
    }

    @Override
    public int label(int example) {
      return raw.label(example);
    }

    @Override
    public float target(int example) {
      return raw.target(example);
    }

    @Override
    public void read(int example, byte[] into) {
      TableEncoding.read(raw, example, record);
      ByteBuffer values = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
      Arrays.fill(into, 0, features.size() * Float.BYTES, (byte) 0);
      for (int c = 0; c < record.length; c++) {
        Column column = columns.get(c);
        float value = record[c];
        if (column.places() == null) {
          float known = Float.isNaN(value) ? column.median() : value;
          values.putFloat(column.first() * Float.BYTES, known);
        } else {
          int place = Float.isNaN(value) ? -1 : column.places()[(int) value];
          int at = column.first() + (place < 0 ? column.width() - 1 : place);
          values.putFloat(at * Float.BYTES, 1f);
        }
      }
    }
  }
}
