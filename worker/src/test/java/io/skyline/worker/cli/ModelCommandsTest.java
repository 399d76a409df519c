package io.skyline.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import io.skyline.worker.pack.PackedModel;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelCommandsTest extends Commands {
  private byte[] onnx = {};

  /** A model that says which quarter of a 4x4 image is the brightest. */
  @BeforeEach
  void writeModel() throws IOException {
    SampleNetworks net = new SampleNetworks(new Shape(1, 4, 4));
    net.then(new Flatten());
    net.then(new Dense(4, false));
    float[] kernel = new float[4 * 16];
    for (int i = 0; i < 16; i++) {
      int quarter = i / 8 * 2 + i % 4 / 2;
      kernel[quarter * 16 + i] = 1f;
    }
    onnx =
        OnnxWriter.write(
            new Network(
                net.architecture(),
                new Weights(Map.of("n1.kernel", kernel)),
                new Normalization(List.of(0f), List.of(255f))),
            Encoding.FLOAT32);
    Files.write(folder.resolve("model.onnx"), onnx);
    Files.write(folder.resolve("model.sky"), PackedModel.pack(onnx));
    Files.writeString(folder.resolve("labels.txt"), "north-west\nnorth-east\nsouth-west\n");
  }

  private Path png(int size, Color colour, int x, int y, int extent, int type) throws IOException {
    BufferedImage image = new BufferedImage(size, size, type);
    for (int i = x; i < x + extent; i++) {
      for (int j = y; j < y + extent; j++) {
        image.setRGB(i, j, colour.getRGB());
      }
    }
    Path file = folder.resolve("image-" + size + "-" + x + "-" + y + ".png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void namesTheMostProbableClasses() throws IOException {
    Path image = png(4, Color.WHITE, 2, 0, 2, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(run("predict", folder.toString(), image.toString())).isZero();
    // softmax of (4, 0, 0, 0)
    assertThat(out.toString().lines())
        .containsExactly(
            image.toString(),
            "   94.79 %  north-east",
            "    1.74 %  north-west",
            "    1.74 %  south-west");
  }

  @Test
  void convertsColourAndSize() throws IOException {
    Path image = png(40, Color.YELLOW, 0, 20, 20, BufferedImage.TYPE_INT_RGB);
    Path other = png(44, Color.WHITE, 22, 22, 22, BufferedImage.TYPE_INT_ARGB);
    String model = folder.resolve("model.sky").toString();
    assertThat(run("predict", model, image.toString(), other.toString(), "--top", "1")).isZero();
    assertThat(out.toString().lines())
        // luminance 226 of 255: softmax of (0, 0, 3.545, 0)
        .containsExactly(
            image.toString(), "   92.03 %  south-west", other.toString(), "   94.79 %  class 3");
  }

  @Test
  void greyPixelsKeepTheirValues() throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, 16 * i + 3);
    }
    Path file = folder.resolve("grey.png");
    ImageIO.write(image, "png", file.toFile());
    byte[] pixels = ImageFile.read(file, new Shape(1, 4, 4)).pixels();
    for (int i = 0; i < 16; i++) {
      assertThat(pixels[i] & 0xff).isEqualTo(16 * i + 3);
    }
    byte[] colours = ImageFile.read(file, new Shape(3, 2, 2)).pixels();
    assertThat(colours).hasSize(12);
    // mean of 3, 19, 67, 83
    assertThat(colours[0]).isEqualTo((byte) 43).isEqualTo(colours[4]).isEqualTo(colours[8]);
  }

  @Test
  void readsImagesOfAnIdxFile() throws IOException {
    Path plain = folder.resolve("images-idx3-ubyte");
    Files.write(plain, idx());
    Path zipped = folder.resolve("images-idx3-ubyte.gz");
    try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      gzip.write(idx());
    }
    for (Path file : List.of(plain, zipped)) {
      assertThat(run("predict", folder.toString(), file.toString(), "--index", "1", "--top", "1"))
          .isZero();
      assertThat(out.toString()).contains(file + System.lineSeparator() + "   94.79 %  south-west");
    }
  }

  /** Two images: black, and one with its south-west white. */
  private static byte[] idx() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(0x803);
    data.writeInt(2);
    data.writeInt(4);
    data.writeInt(4);
    data.write(new byte[16]);
    for (int i = 0; i < 16; i++) {
      data.write(i >= 8 && i % 4 < 2 ? 255 : 0);
    }
    return bytes.toByteArray();
  }

  @Test
  void everyMistakeIsToldInOneLineAndExitsWithTwo() throws IOException {
    Path text = folder.resolve("notes.txt");
    Files.writeString(text, "this is no image");
    Path cut = folder.resolve("cut-idx3-ubyte");
    Files.write(cut, java.util.Arrays.copyOf(idx(), 20));
    Path damaged = folder.resolve("damaged.sky");
    byte[] bytes = PackedModel.pack(onnx);
    bytes[40] ^= 1;
    Files.write(damaged, bytes);
    Path noModel = folder.resolve("no.onnx");
    Files.writeString(noModel, "this is no model");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path whole = folder.resolve("whole-idx3-ubyte");
    Files.write(whole, idx());

    String model = folder.toString();
    mistake(text + ": not a PNG, JPEG, GIF or BMP image", "predict", model, text.toString());
    mistake(folder.resolve("none.png") + ": no such file", "predict", model, folder + "/none.png");
    mistake(cut + ": damaged or cut off", "predict", model, cut.toString(), "--index", "0");
    mistake(
        whole + ": holds images 0 to 1; --index is 7",
        "predict",
        model,
        whole.toString(),
        "--index",
        "7");
    mistake(damaged + ": byte 5: the checksum differs", "predict", "" + damaged, "" + whole);
    mistake(noModel + ": ONNX Runtime cannot load it", "predict", "" + noModel, "" + whole);
    mistake(empty + ": holds neither", "predict", empty.toString(), whole.toString());
    mistake(damaged + ": byte 5: the checksum differs", "unpack", damaged.toString());
    mistake(text + ": byte 0: not a packed model", "unpack", text.toString());
  }

  @Test
  void unpackingGivesTheVeryModel() throws IOException {
    Path target = folder.resolve("again.onnx");
    String packed = folder.resolve("model.sky").toString();
    assertThat(run("unpack", packed, "--out", target.toString())).isZero();
    assertThat(target).hasBinaryContent(onnx);
    Path ordinary = Files.write(folder.resolve("ordinary"), onnx);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
    // the default target holds the same already
    assertThat(run("unpack", packed)).isZero();
  }

  @Test
  void tensorsAreListedWithWhatTheyTake() throws IOException {
    Path other = folder.resolve("other.sky");
    Files.copy(folder.resolve("model.sky"), other);
    assertThat(run("unpack", other.toString(), "--tensors")).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0)).matches("tensor +type +shape +elements +kept +distinct +coding .*");
    assertThat(lines)
        .anyMatch(line -> line.matches("n1\\.kernel +float32 +4x16 +64 +25\\.0 % +2 +\\w+ +256 .*"));
    assertThat(lines.get(lines.size() - 2))
        .startsWith(Files.size(other) + " bytes; ")
        .endsWith("model.onnx has " + onnx.length);
    assertThat(folder.resolve("other.onnx")).doesNotExist();
  }

  @Test
  void unpackingReplacesOtherContentOnlyWhenForced() throws IOException {
    Path target = folder.resolve("again.onnx");
    Files.writeString(target, "precious");
    String packed = folder.resolve("model.sky").toString();
    mistake(target + ": holds something else", "unpack", packed, "--out", target.toString());
    assertThat(target).hasContent("precious");
    assertThat(run("unpack", packed, "--out", target.toString(), "--force")).isZero();
    assertThat(target).hasBinaryContent(onnx);
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void verifyNamesWhatARunLacks() throws IOException {
    assertThat(run("verify", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(folder + ": no run that has published models");

    Path model = Files.createDirectories(folder.resolve("models").resolve("7"));
    assertThat(run("verify", folder.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("model 7", "missing: " + model.resolve("card.json"), "1 of 1 models are NOT");

    Files.writeString(model.resolve("card.json"), "[1, 2");
    assertThat(run("verify", folder.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("unusable: " + model + ": card.json is no JSON");
  }
}
