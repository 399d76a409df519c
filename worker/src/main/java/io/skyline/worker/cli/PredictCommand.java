package io.skyline.worker.cli;

import io.skyline.worker.data.Examples;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.UnreadableModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code predict}: the most probable classes of images, by an exported model. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Classifies images with an exported model.")
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
          "PNG, JPEG, GIF or BMP, converted to the model's size and channels; or an IDX file.")
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
        float[] probabilities = session.predict(read(image, session));
        out.println(image);
        if (session.isRegression()) {
          out.println(String.format(Locale.ROOT, "  %s = %s", files.label(0), probabilities[0]));
          continue;
        }
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
            .limit(top)
            .forEach(
                i ->
                    out.println(
                        String.format(
                            Locale.ROOT,
                            "  %6.2f %%  %s",
                            100 * probabilities[i],
                            files.label(i))));
      }
    } catch (UnreadableModelException e) {
      throw new UnusableFileException(files.file() + ": " + e.getMessage());
    }
    out.flush();
    return 0;
  }

  private Examples read(Path image, ModelSession session) throws IOException {
    if (!Files.isRegularFile(image)) {
      throw new UnusableFileException(image + ": no such file");
    }
    return IdxFile.is(image)
        ? IdxFile.read(image, index, session.input())
        : ImageFile.read(image, session.input());
  }
}
