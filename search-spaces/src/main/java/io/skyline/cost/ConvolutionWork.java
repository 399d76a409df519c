package io.skyline.cost;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import java.util.EnumMap;
import java.util.Map;

/** The amounts of work of what moves a window over a map, as ONNX Runtime's kernels do it. */
final class ConvolutionWork {
  /** Blocks of output channels that one call of the inner kernel computes. */
  private static final double BLOCKS_AT_ONCE = 4;

  /** Where an input fills no block, its channels still come in fours. */
  private static final int ALIGNMENT = 4;

  /** Integer kernels multiply four inputs by sixteen outputs at once. */
  private static final int INTEGER_INPUTS = 4;

  private static final int INTEGER_OUTPUTS = 16;

  private ConvolutionWork() {}

  private static boolean isDepthwise(Convolution convolution, int channels) {
    return convolution.isDepthwise() && channels == convolution.groups();
  }

  /** Whether a convolution in floats runs over blocks of channels. */
  static boolean isBlocked(Convolution convolution, int channels, int block) {
    int groups = convolution.groups();
    if (isDepthwise(convolution, channels)) {
      return channels % block == 0;
    }
    if (groups > 1) {
      return channels / groups % block == 0 && convolution.outputs() / groups % block == 0;
    }
    return channels < block || channels % ALIGNMENT == 0;
  }

  private static Kind kind(Convolution convolution, int channels, boolean direct) {
    if (isDepthwise(convolution, channels)) {
      return Kind.DEPTHWISE;
    } else if (convolution.groups() > 1) {
      return Kind.GROUPED;
    } else if (direct) {
      return Kind.CONVOLUTION_DIRECT;
    } else if (convolution.taps() == 1) {
      return Kind.POINTWISE;
    }
    return convolution.form() == Window.Form.ROW ? Kind.ROW : Kind.CONVOLUTION;
  }

  private static Kind plain(Kind kind) {
    return switch (kind) {
      case DEPTHWISE -> Kind.DEPTHWISE_PLAIN;
      case GROUPED -> Kind.GROUPED_PLAIN;
      case ROW -> Kind.ROW_PLAIN;
      default -> Kind.CONVOLUTION_PLAIN;
    };
  }

  static Operator floats(Convolution convolution, Shape in, Shape out, int block) {
    Kind kind = kind(convolution, in.channels(), in.channels() < block);
    if (!isBlocked(convolution, in.channels(), block)) {
      return unblocked(plain(kind), convolution, in, out);
    }
    int groups = convolution.groups();
    if (kind == Kind.DEPTHWISE) {
      double strips = (double) out.height() * convolution.rows().kernel() * groups / block;
      Operator whole = operator(kind, convolution, out, 1, 1, in.elements(), strips);
      return skipping(whole, convolution, in, out);
    }
    int perGroup = in.channels() / groups;
    double inputs = perGroup < block ? perGroup : up(perGroup, block);
    double outputs = up(out.channels() / groups, block);
    double strips =
        (double) out.height()
            * convolution.rows().kernel()
            * groups
            * Math.ceil(inputs / block)
            * Math.ceil(outputs / (BLOCKS_AT_ONCE * block));
    double reads = groups * inputs * in.height() * in.width();
    Operator whole = operator(kind, convolution, out, inputs, outputs, reads, strips);
    return skipping(whole, convolution, in, out);
  }

  /** Patches of the input are copied side by side and multiplied as matrices, group by group. */
  private static Operator unblocked(Kind kind, Convolution convolution, Shape in, Shape out) {
    int groups = convolution.groups();
    boolean depthwise = kind == Kind.DEPTHWISE_PLAIN;
    return operator(
        kind,
        convolution,
        out,
        (double) in.channels() / groups,
        (double) out.channels() / groups,
        in.elements() + patches(convolution, in, out),
        depthwise ? (double) groups * out.height() : groups);
  }

  static Operator integers(Convolution convolution, Shape in, Shape out) {
    Kind kind = kind(convolution, in.channels(), in.channels() < INTEGER_INPUTS);
    int groups = convolution.groups();
    boolean depthwise = kind == Kind.DEPTHWISE;
    int perGroup = in.channels() / groups;
    double inputs =
        depthwise ? 1 : up(perGroup * convolution.taps(), INTEGER_INPUTS) / convolution.taps();
    double outputs = depthwise ? 1 : up(out.channels() / groups, INTEGER_OUTPUTS);
    // patches are copied tap by tap, of each group
    double pixels = (double) out.height() * out.width();
    return operator(
        kind,
        convolution,
        out,
        inputs,
        outputs,
        in.elements() + patches(convolution, in, out),
        pixels * convolution.taps() * (depthwise ? 1 : groups));
  }

  static Map<Work, Double> pooling(Pooling pooling, long read, Shape out, int block) {
    double compared = (double) out.elements() * pooling.taps();
    return Map.of(
        Work.MACS,
        compared,
        Work.EDGE_MACS,
        compared * edges(pooling.columns(), out.width()),
        Work.STRIPS,
        (double) out.height() * out.channels() / block,
        Work.READS,
        (double) read,
        Work.WRITES,
        (double) out.elements());
  }

  /** Taps that lie on the padding are skipped: rows as a whole, columns one by one. */
  private static Operator skipping(Operator whole, Convolution convolution, Shape in, Shape out) {
    double rows = seen(convolution.rows(), in.height(), out.height());
    double taps = rows * seen(convolution.columns(), in.width(), out.width());
    Map<Work, Double> work = new EnumMap<>(whole.work());
    work.computeIfPresent(Work.MACS, (key, macs) -> macs * taps);
    work.computeIfPresent(Work.EDGE_MACS, (key, macs) -> macs * taps);
    work.computeIfPresent(Work.STRIPS, (key, strips) -> strips * rows);
    return new Operator(whole.kind(), work);
  }

  /**
   * @param inputs channels that each output reads, as computed
   * @param outputs channels of each group, as computed
   */
  private static Operator operator(
      Kind kind,
      Convolution convolution,
      Shape out,
      double inputs,
      double outputs,
      double reads,
      double strips) {
    double pixels = (double) out.height() * out.width();
    double written = pixels * outputs * convolution.groups();
    double macs = written * inputs * convolution.taps();
    return new Operator(
        kind,
        Map.of(
            Work.MACS,
            macs,
            Work.EDGE_MACS,
            macs * edges(convolution.columns(), out.width()),
            Work.STRIPS,
            strips,
            Work.READS,
            reads,
            Work.WRITES,
            written,
            Work.WEIGHTS,
            outputs * inputs * convolution.groups() * convolution.taps()));
  }

  private static double patches(Convolution convolution, Shape in, Shape out) {
    double pixels = (double) out.height() * out.width();
    return convolution.taps() == 1 ? 0 : pixels * in.channels() * convolution.taps();
  }

  /** The share of the columns whose window overlaps the padding. */
  private static double edges(Window columns, int width) {
    double beside = Math.ceil((double) columns.padding() / columns.stride());
    return Math.min(1, 2 * beside / width);
  }

  /** The share of the taps that lie on the input and not on the padding, along one extent. */
  private static double seen(Window window, int from, int to) {
    long taps = 0;
    for (int position = 0; position < to; position++) {
      int first = position * window.stride() - window.padding();
      for (int tap = 0; tap < window.kernel(); tap++) {
        int at = first + tap * window.dilation();
        taps += at >= 0 && at < from ? 1 : 0;
      }
    }
    return taps / ((double) window.kernel() * to);
  }

  private static double up(int count, int multiple) {
    return Math.ceil((double) count / multiple) * multiple;
  }
}
