package io.skyline.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Moves channels from one tensor to another of the same layout, example by example: whole blocks of
 * channels as stretches of memory, others lane by lane.
 */
final class ChannelCopy implements Runnable {
  /** One channel's way; an addend joins what is there already. */
  record Move(int from, int to, boolean adds) {}

  /** Consecutive blocks that keep their order. */
  private record Stretch(int from, int to, int blocks) {}

  /** A block of which single channels are set; a fresh one starts from zeros. */
  private record Patch(int to, boolean fresh, List<Move> moves) {}

  private final int block;
  private final int examples;
  private final int pixels;
  private final int fromBlocks;
  private final int toBlocks;
  private final BytePointer fromBytes;
  private final BytePointer toBytes;
  private final FloatPointer fromValues;
  private final FloatPointer toValues;
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Patch> patches = new ArrayList<>();
  private final float[] source;
  private final float[] target;

  /**
   * @param from, to of one batch, layout, height and width
   * @param moves at most one a target channel
   * @param started whether a target block holds numbers already; others start from zeros
   */
  ChannelCopy(
      Tensor from,
      memory fromMemory,
      Tensor to,
      memory toMemory,
      List<Move> moves,
      java.util.function.IntPredicate started) {
    block = from.layout == Tensor.Layout.BLOCKED ? OneDnn.BLOCK : 1;
    pixels = from.shape.height() * from.shape.width();
    fromBlocks = blocks(from, block);
    toBlocks = blocks(to, block);
    examples = OneDnn.length(from.format) / (fromBlocks * block * pixels);
    fromBytes = new BytePointer(fromMemory.get_data_handle());
    toBytes = new BytePointer(toMemory.get_data_handle());
    fromValues = OneDnn.floats(fromMemory);
    toValues = OneDnn.floats(toMemory);
    source = new float[block * pixels];
    target = new float[block * pixels];
    Map<Integer, List<Move>> byBlock = new TreeMap<>();
    for (Move move : moves) {
      byBlock.computeIfAbsent(move.to / block, key -> new ArrayList<>()).add(move);
    }
    byBlock.forEach(
        (index, into) -> {
          int whole = Math.min(block, to.shape.channels() - index * block);
          if (isWhole(into, whole, from.shape.channels())) {
            stretch(into.get(0).from / block, index);
          } else {
            into.sort(Comparator.comparingInt(Move::from));
            patches.add(new Patch(index, !started.test(index), into));
          }
        });
  }

  static int blocks(Tensor tensor, int block) {
    return (tensor.shape.channels() + block - 1) / block;
  }

  /** Whether the moves take one block as it is, what pads it included. */
  private boolean isWhole(List<Move> moves, int channels, int available) {
    int first = moves.get(0).from / block;
    int there = Math.min(block, available - first * block);
    return moves.size() == channels
        && there == channels
        && moves.stream()
            .allMatch(m -> !m.adds && m.from / block == first && m.from % block == m.to % block);
  }

  private void stretch(int from, int to) {
    if (!stretches.isEmpty()) {
      Stretch last = stretches.get(stretches.size() - 1);
      if (last.from + last.blocks == from && last.to + last.blocks == to) {
        stretches.set(stretches.size() - 1, new Stretch(last.from, last.to, last.blocks + 1));
        return;
      }
    }
    stretches.add(new Stretch(from, to, 1));
  }

  @Override
  public void run() {
    int length = block * pixels;
    long bytes = (long) length * Float.BYTES;
    for (int example = 0; example < examples; example++) {
      long fromBase = (long) example * fromBlocks;
      long toBase = (long) example * toBlocks;
      for (Stretch stretch : stretches) {
        Pointer.memcpy(
            toBytes.position((toBase + stretch.to) * bytes),
            fromBytes.position((fromBase + stretch.from) * bytes),
            stretch.blocks * bytes);
      }
      for (Patch patch : patches) {
        run(patch, fromBase * length, (toBase + patch.to) * length);
      }
    }
  }

  private void run(Patch patch, long fromBase, long at) {
    if (patch.fresh) {
      Arrays.fill(target, 0f);
    } else {
      toValues.position(at).get(target, 0, target.length);
    }
    int held = -1;
    for (Move move : patch.moves) {
      int wanted = move.from / block;
      if (wanted != held) {
        fromValues.position(fromBase + (long) wanted * source.length).get(source, 0, source.length);
        held = wanted;
      }
      int lane = move.from % block;
      if (move.adds) {
        add(source, lane, target, move.to % block, block);
      } else {
        copy(source, lane, target, move.to % block, block);
      }
    }
    toValues.position(at).put(target, 0, target.length);
  }

  private static void copy(float[] from, int fromLane, float[] to, int toLane, int step) {
    int shift = fromLane - toLane;
    for (int i = toLane; i < to.length; i += step) {
      to[i] = from[i + shift];
    }
  }

  private static void add(float[] from, int fromLane, float[] to, int toLane, int step) {
    int shift = fromLane - toLane;
    for (int i = toLane; i < to.length; i += step) {
      to[i] += from[i + shift];
    }
  }
}
