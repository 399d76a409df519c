package io.skyline.worker.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is in a packed model, tensor by tensor.
 *
 * @param fileBytes of the whole file
 * @param modelBytes of the model.onnx that it unpacks to
 * @param tensors in the order of the model
 */
public record PackedTensors(int fileBytes, int modelBytes, List<Tensor> tensors) {
  public PackedTensors {
    tensors = List.copyOf(tensors);
  }

  /**
   * A tensor.
   *
   * @param name in the model; empty if it has none
   * @param type of its elements: float32, int8 ...
   * @param dimensions as the model says
   * @param elements how many
   * @param nonZeros elements that are not zero
   * @param distinct values; 0 if they were too many to count
   * @param coding how it is packed: pooled, raw, codebook, sparse codebook, sparse, contexts,
   *     hashed
   * @param rawBytes in the model
   * @param packedBytes in the file; of a pooled tensor its share of the pool by length
   * @param shared what Deep Compression's tables say of it, if its weights are few distinct values
   */
  public record Tensor(
      String name,
      String type,
      List<Long> dimensions,
      int elements,
      int nonZeros,
      int distinct,
      String coding,
      int rawBytes,
      double packedBytes,
      Optional<SharedWeights> shared) {
    public Tensor {
      dimensions = List.copyOf(dimensions);
    }

    /** Weights kept, 0 to 1. */
    public double kept() {
      return elements == 0 ? 0 : (double) nonZeros / elements;
    }
  }

  /**
   * Reads a packed model.
   *
   * @param source names the bytes in errors
   * @throws BadPackedModelException if they are not a whole packed model
   */
  public static PackedTensors of(byte[] packed, String source) {
    PackedContent content = PackedContent.read(PackedFile.open(packed, source));
    byte[] onnx = content.onnx();
    List<Tensor> tensors = content.tensors().stream().map(place -> tensor(onnx, place)).toList();
    return new PackedTensors(packed.length, onnx.length, tensors);
  }

  /**
   * Reads a file.
   *
   * @throws BadPackedModelException if it is not a whole packed model
   */
  public static PackedTensors of(Path file) throws IOException {
    return of(PackedModel.read(file), file.toString());
  }

  private static Tensor tensor(byte[] onnx, PackedContent.Place place) {
    Hole hole = place.hole();
    Elements elements = Elements.of(onnx, hole);
    int nonZeros = 0;
    for (int i = 0; i < elements.count(); i++) {
      nonZeros += hole.type().isZero(elements.get(i)) ? 0 : 1;
    }
    Optional<Codebook.Spelled> spelled = Codebook.spell(elements);
    return new Tensor(
        hole.name(),
        hole.type().word(),
        hole.dimensions(),
        elements.count(),
        nonZeros,
        spelled.map(s -> s.codebook().size()).orElse(0),
        place.coding().word(),
        hole.length(),
        place.bytes(),
        spelled.flatMap(SharedWeights::of));
  }
}
