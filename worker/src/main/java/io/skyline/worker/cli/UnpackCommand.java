package io.skyline.worker.cli;

import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.pack.PackedTensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unpack}: the very model.onnx that was packed. */
@Command(
    name = "unpack",
    mixinStandardHelpOptions = true,
    description = "Unpacks a model.sky to the model.onnx that was scored.")
public final class UnpackCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE.sky", description = "A packed model.")
  private Path packed = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it. Default: the same name with .onnx in place of .sky")
  private @Nullable Path out;

  @Option(names = "--force", description = "Replace a file that holds something else.")
  private boolean force;

  @Option(
      names = "--tensors",
      description = "Write nothing; list the tensors, how each is coded and what it takes.")
  private boolean tensors;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(packed)) {
      throw new UnusableFileException(packed + ": no such file");
    }
    if (tensors) {
      PrintWriter table = Objects.requireNonNull(spec).commandLine().getOut();
      TensorTable.lines(PackedTensors.of(packed)).forEach(table::println);
      table.flush();
      return 0;
    }
    byte[] onnx = PackedModel.unpack(packed);
    Path target = out == null ? defaultTarget() : out;
    if (Files.isDirectory(target)) {
      throw new UnusableFileException(target + ": a folder; --out names a file");
    }
    if (!force && Files.exists(target) && !holds(target, onnx)) {
      throw new UnusableFileException(
          target + ": holds something else already; --force replaces it");
    }
    WholeFile.write(target.toAbsolutePath(), onnx);
    var console = Objects.requireNonNull(spec).commandLine().getOut();
    console.println(target + ": " + onnx.length + " bytes");
    console.flush();
    return 0;
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    return Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content);
  }

  private Path defaultTarget() {
    String name = String.valueOf(packed.getFileName());
    String stem = name.endsWith(".sky") ? name.substring(0, name.length() - 4) : name;
    return packed.resolveSibling(stem + ".onnx");
  }
}
