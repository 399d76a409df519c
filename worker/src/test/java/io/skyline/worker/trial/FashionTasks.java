package io.skyline.worker.trial;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.InputKind;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Assign;
import io.skyline.v1.DataCard;
import io.skyline.v1.DataSplit;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.v1.Test;
import io.skyline.v1.Train;
import io.skyline.v1.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.data.PreparedSplit;
import io.skyline.worker.data.SplitFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Tasks on a slice of fashion-mini, and a host that has its data and whatever tasks stored. */
final class FashionTasks implements Host {
  private static final CandidateSpace SPACE = Catalog.space("mobile");

  /** A small network; decisions that are not named take their first value. */
  private static final Map<String, String> CHOICES =
      Map.of("stage1.width", "16", "stage2.width", "32");

  private final Path folder;
  private final Map<String, byte[]> artifacts = new HashMap<>();
  private final Shape input;
  private final DataCard data;
  private volatile Runnable onProgress = () -> {};

  FashionTasks(Path folder, int training, int validation, int test) throws IOException {
    this(folder, new Shape(1, 28, 28), training, validation, test);
  }

  /**
   * Tasks for signals.
   *
   * <p>The same pixels: four rows of an image a channel, one after the other.
   */
  static FashionTasks ofSignals(Path folder, int training, int validation, int test)
      throws IOException {
    return new FashionTasks(folder, new Shape(7, 1, 112), training, validation, test);
  }

  /** Tasks of the kind of data that a space's networks read. */
  static FashionTasks of(CandidateSpace space, Path folder, int training, int validation, int test)
      throws IOException {
    return space.input().equals(Optional.of(InputKind.SIGNAL))
        ? ofSignals(folder, training, validation, test)
        : new FashionTasks(folder, training, validation, test);
  }

  private FashionTasks(Path folder, Shape input, int training, int validation, int test)
      throws IOException {
    this.folder = folder;
    this.input = input;
    this.data =
        DataCard.newBuilder()
            .setName("fashion-slice")
            .setChannels(input.channels())
            .setHeight(input.height())
            .setWidth(input.width())
            .addAllClassNames(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"))
            .addAllMean(Collections.nCopies(input.channels(), 73f))
            .addAllDeviation(Collections.nCopies(input.channels(), 90f))
            .setTrain(split("train", training))
            .setValidation(split("validation", validation))
            .setTest(split("test", test))
            .build();
  }

  private DataSplit split(String part, int count) throws IOException {
    Examples examples = FashionMini.read(part).slice(0, count);
    ByteBuffer classes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    classes.asIntBuffer().put(examples.labels());
    byte[] pixels = examples.pixels();
    byte[] file =
        uncompressed(
            Map.of(
                "images.npy", SplitFiles.npy("|u1", count + dimensions(), pixels),
                "labels.npy", SplitFiles.npy("<i4", count + ",", classes.array())));
    Split split = SplitFiles.split(file, count);
    artifacts.put(split.digest(), file);
    return DataSplit.newBuilder()
        .setDigest(split.digest())
        .setExamples(count)
        .setBytes(file.length)
        .build();
  }

  private String dimensions() {
    return ", %d, %d, %d".formatted(input.channels(), input.height(), input.width());
  }

  /** As coordinators write them. */
  private static byte[] uncompressed(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(entry.getValue());
        ZipEntry head = new ZipEntry(entry.getKey());
        head.setSize(entry.getValue().length);
        head.setCrc(checksum.getValue());
        zip.putNextEntry(head);
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  DataCard data() {
    return data;
  }

  /** The examples of a split as a worker reads them. */
  Examples examples(DataSplit split) throws IOException {
    Path file = Files.write(folder.resolve("split.npz"), artifact(split.getDigest()));
    return PreparedSplit.read(
        file, new Split(split.getDigest(), split.getExamples(), split.getBytes()));
  }

  /** A training of another space, whose first values it takes. */
  Train.Builder train(CandidateSpace space, int epochs) {
    int[] first = new int[space.decisions().decisions().size()];
    return train("fp32", "0", epochs)
        .setSpaceYaml(space.yaml())
        .setGenome(space.decisions().genome(first).text());
  }

  Train.Builder train(String weights, String pruning, int epochs) {
    return Train.newBuilder()
        .setTrial(1)
        .setSpaceYaml(SPACE.yaml())
        .setGenome(genome(weights, pruning))
        .setData(data.toBuilder().clearTest())
        .setTraining(
            TrainingPlan.newBuilder()
                .setEpochs(epochs)
                .setBatch(32)
                .setOptimizer("adam")
                .setLearningRate(1e-2)
                .setFlip(true)
                .setShift(2))
        .setSeed(11)
        .setEngine("onednn");
  }

  private static String genome(String weights, String pruning) {
    Map<String, String> wanted = new HashMap<>(CHOICES);
    wanted.put("recipe.weights", weights);
    wanted.put("recipe.pruning", pruning);
    int[] choices =
        SPACE.decisions().decisions().stream()
            .mapToInt(d -> Math.max(0, d.values().indexOf(wanted.getOrDefault(d.name(), ""))))
            .toArray();
    return SPACE.decisions().genome(choices).text();
  }

  Test.Builder test(Train train, Scored scored) {
    return Test.newBuilder()
        .setTrial(1)
        .setModel(artifact(scored, TrialFiles.MODEL))
        .setData(data)
        .setTrain(train)
        .addAllArtifacts(scored.getArtifactsList())
        .setScorecard(scored.getScorecard());
  }

  static ArtifactRef artifact(Scored scored, String name) {
    return scored.getArtifactsList().stream()
        .filter(artifact -> artifact.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A task with a folder of its own, whose files become artifacts when {@link #keep} is called. */
  RunTask run(Assign.Builder assign) throws IOException {
    return RunTask.newBuilder()
        .setAssign(assign)
        .setFolder(Files.createTempDirectory(folder, "task").toString())
        .build();
  }

  /** Stores what a task made, as a coordinator would, and checks each file's digest. */
  void keep(RunTask task, Scored scored) throws Exception {
    for (ArtifactRef artifact : scored.getArtifactsList()) {
      Path file = Path.of(task.getFolder(), artifact.getName());
      Artifacts.verify(file, artifact.getDigest());
      artifacts.put(artifact.getDigest(), Files.readAllBytes(file));
    }
  }

  /** Stores a file; gives its digest. */
  String put(byte[] content) throws IOException {
    String digest = Artifacts.write(folder, "put", content).getDigest();
    artifacts.put(digest, content);
    return digest;
  }

  byte[] artifact(String digest) {
    return artifacts.get(digest);
  }

  /** Replaces what is stored under a digest. */
  void damage(String digest, byte[] content) {
    artifacts.put(digest, content);
  }

  void onProgress(Runnable action) {
    onProgress = action;
  }

  @Override
  public void progress(String stage, double fraction) {
    onProgress.run();
  }

  @Override
  public void fetch(String digest, Path target, BooleanSupplier wanted) throws IOException {
    byte[] content = artifacts.get(digest);
    if (content == null) {
      throw new IOException("there is no artifact " + digest);
    }
    Files.write(target, content);
  }
}
