package io.skyline.coordinator.data;

import java.util.List;

/**
 * A data set that Skyline brings along.
 *
 * <p>{@code fashion-mini} is 8,000 training, 2,000 validation and 5,000 test images of
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), 28x28 in 10 classes of equal size. {@code
 * fashion-mini/PROVENANCE.md} beside its files says how they were drawn.
 *
 * @param name one of {@link #NAMES}
 */
public record EmbeddedSource(String name) implements DataSource {
  /** What there is. */
  public static final List<String> NAMES = List.of("fashion-mini");

  /** The classes of Fashion-MNIST, in label order. */
  public static final List<String> FASHION_CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  public EmbeddedSource {
    if (!NAMES.contains(name)) {
      throw new DataException(
          "there is no embedded data set '" + name + "'", "use one of " + NAMES);
    }
  }

  @Override
  public DataSplits read() {
    return new DataSplits(
        name, FASHION_CLASSES, split("train"), split("validation"), split("test"));
  }

  private LabelledImages split(String part) {
    return IdxReader.pair(
        RawFile.embedded(name + "/" + part + "-images-idx3-ubyte.gz"),
        RawFile.embedded(name + "/" + part + "-labels-idx1-ubyte.gz"));
  }
}
