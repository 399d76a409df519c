package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlappingMaxGradientTest {
  private static final int BATCH = 2;
  private static final int BLOCK = OneDnn.BLOCK;

  /** A few whole numbers, so that most windows hold their maximum more than once. */
  @ParameterizedTest
  @CsvSource({
    "3, 1, 1, 7, 6", "3, 2, 1, 7, 6", "3, 2, 0, 8, 9", "2, 1, 0, 5, 4", "2, 2, 1, 6, 7",
    "5, 3, 2, 9, 8", "4, 1, 3, 4, 5", "1, 2, 0, 5, 5", "3, 3, 2, 3, 3", "2, 3, 0, 8, 8"
  })
  void theFirstOfEqualMaximaTakesTheGradient(
      int kernel, int stride, int padding, int height, int width) {
    Window window = new Window(kernel, stride, padding, 1);
    compare(window, window, height, width);
    compare(new Window(1, 1, 0, 1), window, 1, width);
    compare(new Window(1, 1, 0, 1), window, height, width);
    compare(window, new Window(1, 1, 0, 1), height, width);
  }

  @Test
  void differencesOfAnySizeDecide() {
    Window window = new Window(2, 1, 0, 1);
    Shape in = new Shape(BLOCK, 1, 2);
    for (float[] pair : new float[][] {{1, Math.nextUp(1f)}, {-1e20f, 1e20f}, {0, 1e-20f}}) {
      float[] x = new float[BATCH * in.height() * in.width() * BLOCK];
      for (int i = 0; i < x.length; i++) {
        x[i] = pair[i / BLOCK % 2];
      }
      float[] found = found(new Window(1, 1, 0, 1), window, in, x, filled(BATCH * BLOCK, 3));
      for (int i = 0; i < x.length; i++) {
        assertThat(found[i]).isEqualTo(i / BLOCK % 2 == 1 ? 3f : 0f);
      }
    }
  }

  private static void compare(Window rows, Window columns, int height, int width) {
    Shape in = new Shape(BLOCK, height, width);
    SplittableRandom random = new SplittableRandom(7);
    float[] x = new float[BATCH * height * width * BLOCK];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(-2, 2);
    }
    int outputs = positions(rows, height) * positions(columns, width);
    float[] given = new float[BATCH * outputs * BLOCK];
    for (int i = 0; i < given.length; i++) {
      given[i] = random.nextInt(1, 100);
    }
    assertThat(found(rows, columns, in, x, given))
        .as("%s, %s over %s", rows, columns, in)
        .containsExactly(expected(rows, columns, in, x, given));
  }

  private static float[] found(Window rows, Window columns, Shape in, float[] x, float[] given) {
    Tensor input = tensor(in);
    Tensor output =
        tensor(new Shape(BLOCK, positions(rows, in.height()), positions(columns, in.width())));
    memory outputGradient = OneDnn.allocate(output.format);
    memory inputGradient = OneDnn.allocate(input.format);
    OneDnn.floats(input.value).put(x);
    OneDnn.floats(outputGradient).put(given);
    Runnable gradient =
        new OverlappingMaxGradient(rows, columns, input, output, outputGradient, inputGradient);
    float[] result = new float[x.length];
    for (int run = 0; run < 2; run++) { // what one run leaves must not reach the next
      gradient.run();
    }
    OneDnn.floats(inputGradient).get(result);
    return result;
  }

  /** Window by window, value by value. */
  private static float[] expected(Window rows, Window columns, Shape in, float[] x, float[] given) {
    float[] sums = new float[x.length];
    int next = 0;
    for (int example = 0; example < BATCH; example++) {
      for (int row = 0; row < positions(rows, in.height()); row++) {
        for (int column = 0; column < positions(columns, in.width()); column++) {
          for (int lane = 0; lane < BLOCK; lane++) {
            int best = -1;
            for (int tap = 0; tap < rows.kernel() * columns.kernel(); tap++) {
              int y = row * rows.stride() - rows.padding() + tap / columns.kernel();
              int at = column * columns.stride() - columns.padding() + tap % columns.kernel();
              if (y < 0 || y >= in.height() || at < 0 || at >= in.width()) {
                continue;
              }
              int i = ((example * in.height() + y) * in.width() + at) * BLOCK + lane;
              best = best < 0 || x[i] > x[best] ? i : best;
            }
            sums[best] += given[next++];
          }
        }
      }
    }
    return sums;
  }

  private static float[] filled(int length, float value) {
    float[] all = new float[length];
    Arrays.fill(all, value);
    return all;
  }

  private static int positions(Window window, int extent) {
    return (extent + 2 * window.padding() - window.kernel()) / window.stride() + 1;
  }

  private static Tensor tensor(Shape shape) {
    memory.desc format = OneDnn.blocked(BATCH, shape);
    return new Tensor(shape, Tensor.Layout.BLOCKED, format, OneDnn.allocate(format), true);
  }
}
