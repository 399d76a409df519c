package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Examples of which nobody says what they are, for students to learn from teachers on. Labels are
 * not looked for.
 *
 * @param path a file, or the folder that holds images at any depth
 * @param layout of the axes of an example in an array; null to take it from the training data
 * @param skipBad whether examples that cannot be used are left out
 * @param place where the config names them
 */
public record UnlabelledSource(
    Format format, Path path, @Nullable ArrayLayout layout, boolean skipBad, Place place) {
  /** What {@link #path} is. */
  public enum Format {
    /** A file of images, plain or gzipped. */
    IDX,
    /** PNG and JPEG files, brought to the size of the training images. */
    FOLDER,
    /** A file with an array {@code images}, {@code x} or {@code data}. */
    NPZ,
    /** A file with one array. */
    NPY;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What was read; close it when it is no longer needed. */
  public record Read(SplitExamples examples, Skipped skipped, DataSplits.Holder holder)
      implements AutoCloseable {
    @Override
    public void close() {
      holder.close();
    }
  }

  /**
   * Reads the examples.
   *
   * @param like the training data, whose shape and kind of values they must have
   * @throws InvalidDocumentException at the config's place, if they cannot be used
   */
  public Read read(SplitExamples like) {
    Intake intake = new Intake(like.shape(), like.areFloats());
    BadExamples bad = new BadExamples(skipBad);
    try {
      intake.begin(Part.TRAIN, path.toString());
      switch (format) {
        case IDX -> idx(intake, like);
        case FOLDER -> folder(intake, like, bad);
        case NPZ, NPY -> array(intake, like, bad);
      }
      if (intake.count() == 0) {
        throw new DataException(path + " has no example that can be used", "name other data");
      }
      int[] all = IntStream.range(0, intake.count()).toArray();
      return new Read(intake.select(all), bad.skipped(), intake::close);
    } catch (DataException e) {
      intake.close();
      throw new InvalidDocumentException(
          place, "the transfer data cannot be used: " + e.what(), e.advice());
    } catch (RuntimeException e) {
      intake.close();
      throw e;
    }
  }

  private void idx(Intake intake, SplitExamples like) {
    IdxReader.Images images = IdxReader.images(RawFile.of(path));
    require(like, images.shape(), false);
    int length = like.recordBytes();
    for (int i = 0; i < images.count(); i++) {
      intake.add(Arrays.copyOfRange(images.pixels(), i * length, (i + 1) * length), 0);
    }
  }

  private void folder(Intake intake, SplitExamples like, BadExamples bad) {
    if (!Files.isDirectory(path)) {
      throw new DataException("there is no folder " + path, "correct the path");
    }
    Shape shape = like.shape();
    if (like.areFloats() || (shape.channels() != 1 && shape.channels() != 3)) {
      throw new DataException(
          "images are no examples of %s".formatted(describe(shape, like.areFloats())),
          "save such examples with numpy.savez and write format: npz");
    }
    FolderFiles.images(path, shape, bad, image -> intake.add(image, 0));
  }

  private void array(Intake intake, SplitExamples like, BadExamples bad) {
    RawFile file = RawFile.of(path);
    if (format == Format.NPZ) {
      file =
          NumpyFiles.examples(path)
              .orElseThrow(
                  () ->
                      new DataException(
                          path + " has no array " + NumpyFiles.expectedExamples(),
                          "save it with numpy.savez(file, images=...)"));
    }
    try (NumpyArray array = new NumpyArray(file)) {
      ArrayForm form = ArrayForm.of(array, layout(array, like.shape()));
      require(like, form.shape(), form.floats());
      for (int i = 0; i < array.shape().get(0); i++) {
        long at = array.position();
        byte @Nullable [] record = form.read(array);
        if (record == null) {
          bad.found(
              array.fault(
                  at,
                  "example %,d holds a value that is no finite number".formatted(i),
                  "replace it, or write skip_bad: true"));
        } else {
          intake.add(record, 0);
        }
      }
      array.end();
    }
  }

  /** The one that the shape suggests, unless that gives other examples than another one would. */
  private @Nullable ArrayLayout layout(NumpyArray array, Shape wanted) {
    List<Integer> extents = array.shape().subList(1, array.shape().size());
    if (layout != null) {
      return layout;
    }
    List<ArrayLayout> fitting =
        Arrays.stream(ArrayLayout.values())
            .filter(l -> l.fits(extents) && l.shape(extents).equals(wanted))
            .toList();
    return fitting.size() == 1 ? fitting.get(0) : null;
  }

  private void require(SplitExamples like, Shape shape, boolean floats) {
    if (!shape.equals(like.shape()) || floats != like.areFloats()) {
      throw new DataException(
          "%s has examples of %s, the training data of %s"
              .formatted(path, describe(shape, floats), describe(like.shape(), like.areFloats())),
          "bring them to the form of the training data");
    }
  }

  private static String describe(Shape shape, boolean floats) {
    return (floats ? "floats " : "bytes ") + shape;
  }
}
