package io.skyline.coordinator.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws {@code fashion-mini} from the official files of Fashion-MNIST.
 *
 * <p>Run {@link #main} with the folder of the four official files and the folder to write to; see
 * PROVENANCE.md beside the embedded files.
 */
final class FashionMiniGenerator {
  static final long SEED = 20170825;
  static final int TRAIN = 8_000;
  static final int VALIDATION = 2_000;
  static final int TEST = 5_000;

  private FashionMiniGenerator() {}

  public static void main(String[] folders) throws IOException {
    for (Map.Entry<String, LabelledImages> split : draw(Path.of(folders[0])).entrySet()) {
      Path target = Path.of(folders[1]);
      LabelledImages images = split.getValue();
      Files.write(
          target.resolve(split.getKey() + "-images-idx3-ubyte.gz"),
          IdxFiles.gzip(IdxFiles.images(images)));
      Files.write(
          target.resolve(split.getKey() + "-labels-idx1-ubyte.gz"),
          IdxFiles.gzip(IdxFiles.labels(images.labels())));
    }
  }

  /** The three splits by name. */
  static Map<String, LabelledImages> draw(Path official) {
    LabelledImages train = pair(official, "train");
    LabelledImages test = pair(official, "t10k");
    int classes = EmbeddedSource.FASHION_CLASSES.size();
    List<int[]> parts = StratifiedDraw.draw(train.labels(), classes, SEED, VALIDATION, TRAIN);
    Map<String, LabelledImages> splits = new LinkedHashMap<>();
    splits.put("train", train.select(parts.get(1)));
    splits.put("validation", train.select(parts.get(0)));
    splits.put("test", test.select(StratifiedDraw.draw(test.labels(), classes, SEED, TEST).get(0)));
    return splits;
  }

  private static LabelledImages pair(Path folder, String part) {
    return IdxReader.pair(
        RawFile.of(folder.resolve(part + "-images-idx3-ubyte.gz")),
        RawFile.of(folder.resolve(part + "-labels-idx1-ubyte.gz")));
  }
}
