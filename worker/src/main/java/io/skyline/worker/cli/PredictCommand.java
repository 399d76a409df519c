package io.skyline.worker.cli;

import io.skyline.worker.data.Examples;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.UnreadableModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict}: the most probable classes, or the number, of images or rows of a table. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Runs an exported model on images or on rows of a table.")
public final class PredictCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "model.onnx, model.sky, or a folder that holds one; class names come from labels.txt"
              + " beside it.")
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "PNG, JPEG, GIF or BMP, converted to the model's size and channels; an IDX file; or a CSV"
              + " file of rows, its header naming columns as in training.")
  private List<Path> images = List.of();

  @Option(
      names = "--index",
      defaultValue = "0",
      description = "Which image of an IDX file, from 0. Default: ${DEFAULT-VALUE}")
  private int index;

  @Option(
      names = "--top",
      defaultValue = "3",
      description = "How many classes to show. Default: ${DEFAULT-VALUE}")
  private int top;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (top < 1) {
      throw new UnusableFileException("--top must be at least 1, not " + top);
    }
    ModelFiles files = ModelFiles.read(model);
    try (ModelSession session = ModelSession.load(files.onnx())) {
      for (Path image : images) {
        Examples examples = read(image, files, session);
        float[] outputs = session.predict(examples);
        int each = session.classes();
        for (int i = 0; i < examples.count(); i++) {
          out.println(TableFile.is(image) ? image + ", row " + (i + 1) : image.toString());
          print(Arrays.copyOfRange(outputs, i * each, (i + 1) * each), files, session, out);
        }
      }
    } catch (UnreadableModelException e) {
      throw new UnusableFileException(files.file() + ": " + e.getMessage());
    }
    out.flush();
    return 0;
  }

  private void print(float[] outputs, ModelFiles files, ModelSession session, PrintWriter out) {
    if (session.isRegression()) {
      out.println(String.format(Locale.ROOT, "  %s = %s", files.label(0), outputs[0]));
      return;
    }
    IntStream.range(0, outputs.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -outputs[i]))
        .limit(top)
        .forEach(
            i ->
                out.println(
                    String.format(
                        Locale.ROOT, "  %6.2f %%  %s", 100 * outputs[i], files.label(i))));
  }

  private Examples read(Path image, ModelFiles files, ModelSession session) throws IOException {
    if (!Files.isRegularFile(image)) {
      throw new UnusableFileException(image + ": no such file");
    }
    if (TableFile.is(image)) {
      return TableFile.read(image, files.card(), session.input());
    }
    return IdxFile.is(image)
        ? IdxFile.read(image, index, session.input())
        : ImageFile.read(image, session.input());
  }
}
