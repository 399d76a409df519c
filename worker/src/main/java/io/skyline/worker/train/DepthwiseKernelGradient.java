package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel gradient of a depthwise convolution without gaps for kernels where oneDNN has
 * reference code only, put together from gradients of 3x3 kernels, or of 1x3 kernels where the
 * window lies in one row, for which it is fast.
 *
 * <p>Input and gradient are copied into planes with a margin of zeros. A tile of taps that lie at
 * some row and column of the kernel then is the gradient of such a kernel over the same planes read
 * from that row and column on: what reads past the end of a row, or of a plane, meets zeros of the
 * output's gradient. A few examples are done at a time, so that all tiles find their planes in the
 * cache.
 */
final class DepthwiseKernelGradient implements Runnable {
  private static final int BLOCK = OneDnn.BLOCK;
  private static final int TILE = 3;

  /** Of planes at a time: half a second-level cache. */
  private static final long CACHED_FLOATS = (1 << 20) / Float.BYTES;

  private final Window rows;
  private final Window columns;
  private final int tileRows;
  private final int blocks;
  private final Shape padded;
  private final Shape paddedOutput;
  private final int slice;
  private final memory inputs;
  private final memory outputGradients;
  private final Program program = new Program();
  private final List<Tile> tiles = new ArrayList<>();
  private final FloatPointer kernelGradient;
  private final @Nullable FloatPointer biasGradient;
  private final @Nullable FloatPointer sliceBias;
  private final float[] result;
  private final float[] biasResult;
  private final float[] latestBias;

  /** The gradient of the taps from a row and a column of the kernel on. */
  private record Tile(
      int row, int column, FloatPointer gradient, float[] values, Runnable kernel) {}

  DepthwiseKernelGradient(
      Convolution convolution,
      Tensor input,
      Tensor output,
      memory outputGradient,
      memory kernelGradient,
      @Nullable memory biasGradient) {
    rows = convolution.rows();
    columns = convolution.columns();
    tileRows = convolution.form() == Window.Form.ROW ? 1 : TILE;
    blocks = (input.shape.channels() + BLOCK - 1) / BLOCK;
    padded = padded(input.shape, output.shape);
    paddedOutput =
        new Shape(
            blocks * BLOCK,
            (padded.height() - tileRows) / rows.stride() + 1,
            (padded.width() - TILE) / columns.stride() + 1);
    int batch = Math.toIntExact(input.format.dims().get(0));
    slice = slice(batch, padded.elements() + paddedOutput.elements());
    int tail = (rows.kernel() - 1) * padded.width() + columns.kernel() - 1;
    inputs = zeros(padded, tail * BLOCK);
    outputGradients = zeros(paddedOutput, 0);
    memory bias = biasGradient == null ? null : OneDnn.allocate(OneDnn.vector(blocks * BLOCK));
    this.kernelGradient = OneDnn.floats(kernelGradient);
    this.biasGradient = biasGradient == null ? null : OneDnn.floats(biasGradient);
    sliceBias = bias == null ? null : OneDnn.floats(bias);
    planTiles(bias);
    for (int from = 0; from < batch; from += slice) {
      planCopy(input.value, from, input.shape, inputs, padded, rows.padding(), columns.padding());
      planCopy(outputGradient, from, output.shape, outputGradients, paddedOutput, 0, 0);
      program.add("slice", this::addSlice);
    }
    biasResult = new float[blocks * BLOCK];
    latestBias = new float[blocks * BLOCK];
    result = new float[blocks * convolution.taps() * BLOCK];
    if (result.length != this.kernelGradient.limit()) {
      throw new IllegalStateException("a depthwise kernel that is not in blocks of channels");
    }
  }

  /** Planes that hold all taps of all windows, with an extent that windows of a tile fill. */
  private Shape padded(Shape in, Shape out) {
    return new Shape(
        blocks * BLOCK,
        extent(rows, tileRows, in.height(), out.height()),
        extent(columns, TILE, in.width(), out.width()));
  }

  private static int extent(Window window, int tile, int in, int out) {
    int filled = (out - 1) * window.stride() + Math.max(window.kernel(), tile);
    int needed = Math.max(in + window.padding(), filled);
    return needed + Math.floorMod(tile - needed, window.stride());
  }

  /** As many examples as the cache holds, of which the batch is a multiple. */
  private static int slice(int batch, long floatsAnExample) {
    int most = (int) Math.max(1, Math.min(batch, CACHED_FLOATS / floatsAnExample));
    while (batch % most != 0) {
      most--;
    }
    return most;
  }

  private memory zeros(Shape shape, int tail) {
    memory.desc format = OneDnn.vector(slice * shape.elements() + tail);
    memory values = OneDnn.allocate(format);
    OneDnn.floats(values).zero();
    return values;
  }

  private memory.desc blocked(Shape shape) {
    return OneDnn.blocked(slice, shape);
  }

  private void planCopy(
      memory from, int example, Shape shape, memory to, Shape planes, int above, int before) {
    Shape whole = new Shape(blocks * BLOCK, shape.height(), shape.width());
    memory.desc inside =
        blocked(planes)
            .submemory_desc(
                new long[] {slice, whole.channels(), whole.height(), whole.width()},
                new long[] {0, 0, above, before});
    FloatPointer start = OneDnn.floats(from).getPointer(example * whole.elements());
    LayoutOp.plan(
        program,
        "margin",
        new memory(blocked(whole), OneDnn.ENGINE, start),
        OneDnn.view(to, inside));
  }

  private void planTiles(@Nullable memory bias) {
    int down = taps(rows);
    int along = taps(columns);
    for (int row = 0; row < rows.kernel(); row = next(row, down, rows.kernel())) {
      for (int column = 0;
          column < columns.kernel();
          column = next(column, along, columns.kernel())) {
        boolean first = row == 0 && column == 0;
        planTile(row, column, first ? bias : null);
      }
    }
  }

  private static int taps(Window window) {
    return Math.min(TILE, window.kernel());
  }

  /** The place of the tile after this one; the last one overlaps the one before it. */
  private static int next(int place, int taps, int kernel) {
    return place + taps >= kernel ? kernel : Math.min(place + taps, kernel - taps);
  }

  private void planTile(int row, int column, @Nullable memory bias) {
    memory.desc source = blocked(padded);
    memory.desc target = blocked(paddedOutput);
    memory.desc weights =
        OneDnn.tensor(OneDnn.DEPTHWISE, (long) blocks * BLOCK, 1, 1, tileRows, TILE);
    memory.desc biases = bias == null ? new memory.desc() : bias.get_desc();
    long[] strides = {rows.stride(), columns.stride()};
    long[] none = {0, 0};
    var forward =
        new convolution_forward.primitive_desc(
            new convolution_forward.desc(
                dnnl_forward_training,
                dnnl_convolution_direct,
                source,
                weights,
                biases,
                target,
                strides,
                none,
                none),
            OneDnn.ENGINE);
    var backward =
        new convolution_backward_weights.primitive_desc(
            new convolution_backward_weights.desc(
                dnnl_convolution_direct, source, weights, biases, target, strides, none, none),
            OneDnn.ENGINE,
            forward);
    memory gradient = OneDnn.allocate(weights);
    long start = ((long) row * padded.width() + column) * BLOCK;
    FloatPointer from = OneDnn.floats(inputs).getPointer(start);
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, new memory(source, OneDnn.ENGINE, from))
            .put(DNNL_ARG_DIFF_DST, OneDnn.view(outputGradients, target))
            .put(DNNL_ARG_DIFF_WEIGHTS, gradient);
    if (bias != null) {
      arguments.put(DNNL_ARG_DIFF_BIAS, bias);
    }
    Program kernelOfTile = new Program();
    kernelOfTile.add("tile", backward, new convolution_backward_weights(backward), arguments);
    FloatPointer floats = OneDnn.floats(gradient);
    float[] values = new float[Math.toIntExact(floats.limit())];
    tiles.add(new Tile(row, column, floats, values, kernelOfTile::run));
  }

  @Override
  public void run() {
    Arrays.fill(result, 0f);
    Arrays.fill(biasResult, 0f);
    program.run();
    kernelGradient.put(result, 0, result.length);
    if (biasGradient != null) {
      biasGradient.put(biasResult, 0, Math.toIntExact(biasGradient.limit()));
    }
  }

  private void addSlice() {
    int down = taps(rows);
    int along = taps(columns);
    for (Tile tile : tiles) {
      tile.kernel.run();
      tile.gradient.get(tile.values, 0, tile.values.length);
      for (int block = 0; block < blocks; block++) {
        for (int row = overlap(tile.row, down); row < down; row++) {
          int column = overlap(tile.column, along);
          int from = ((block * tileRows + row) * TILE + column) * BLOCK;
          int line = block * rows.kernel() + tile.row + row;
          int to = (line * columns.kernel() + tile.column + column) * BLOCK;
          add(tile.values, from, to, (along - column) * BLOCK);
        }
      }
    }
    if (sliceBias != null) {
      sliceBias.get(latestBias, 0, latestBias.length);
      for (int i = 0; i < biasResult.length; i++) {
        biasResult[i] += latestBias[i];
      }
    }
  }

  /** How many of a tile's first rows or columns the tile before it has brought already. */
  private static int overlap(int place, int taps) {
    return Math.floorMod(-place, taps);
  }

  private void add(float[] values, int from, int to, int length) {
    for (int i = 0; i < length; i++) {
      result[to + i] += values[from + i];
    }
  }
}
