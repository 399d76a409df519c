package io.skyline.worker.score;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds the fastest setting in a limited time, by racing (Maron and Moore 1994): everything is
 * measured once, then round after round those that are still in the race, one after the other, so
 * that what disturbs the machine meets all of them alike; who falls behind is out.
 */
final class RuntimeRace {
  /** Shares of the best median that keep a setting in the race after one round, two, and so on. */
  private static final double[] BEHIND = {0.6, 0.75, 0.9, 0.95};

  /** How many stay at most once the last share holds. */
  private static final int FINALISTS = 4;

  private static final int LEAST_ROUNDS = 3;
  private static final int MOST_ROUNDS = 25;

  /** Rounds that are enough for one that has left all others behind. */
  private static final int ROUNDS_ALONE = 9;

  /** Share of the time for the first round, and for a single run in it. */
  private static final int SCREENING = 2;

  private static final int LONGEST_RUN = 10;

  /** Settings that are tried whatever they take: the plain one, and one stream a core. */
  private static final int GRANTED = 2;

  /**
   * Where two batches in a row are slower than this share of a smaller one, larger ones are too.
   */
  private static final double FALLING = 0.8;

  private static final long SHORTEST_SLICE = 2_000_000;
  private static final long LONGEST_SLICE = 20_000_000;

  /** Until all code that runs is compiled. */
  private static final long WARM_UP = 60_000_000;

  private final Rates rates;
  private final LongSupplier clock;
  private final long time;

  /** Runs a setting. */
  @FunctionalInterface
  interface Rates {
    /**
     * Runs each stream of a setting for so long, at least once.
     *
     * @return examples a second
     */
    double of(RuntimeSetting setting, long nanos);
  }

  /**
   * @param clock nanoseconds
   * @param time for all of it; two runs of the first two settings, three of the best two, and what
   *     was begun may exceed it
   */
  RuntimeRace(Rates rates, LongSupplier clock, Duration time) {
    this.rates = rates;
    this.clock = clock;
    this.time = time.toNanos();
  }

  /**
   * Runs the race.
   *
   * @param lanes pairs of threads and streams, of which each batch is tried; the first two are
   *     tried in any case
   * @param examples that memory holds at a time
   * @return what was tried, in that order
   */
  List<RuntimeFigures> run(List<RuntimeSetting> lanes, long examples) {
    long start = clock.getAsLong();
    List<RuntimeFigures> tried = screen(lanes, examples, start);
    List<RuntimeFigures> racing = survivors(tried, 1);
    for (int round = 2; round <= (racing.size() == 1 ? ROUNDS_ALONE : MOST_ROUNDS); round++) {
      if (clock.getAsLong() - start >= time) {
        if (round > LEAST_ROUNDS) {
          break;
        }
        racing = best(racing, 2);
      }
      List<RuntimeFigures> measured = new ArrayList<>();
      for (RuntimeFigures figures : racing) {
        RuntimeFigures more = figures.plus(rates.of(figures.setting(), slice(100)));
        tried.set(tried.indexOf(figures), more);
        measured.add(more);
      }
      racing = survivors(measured, round);
    }
    return tried;
  }

  /**
   * The first round, in which each setting runs for a moment before it counts: all lanes at batch
   * 1, then all at 2, and so on, so that time that runs out costs large batches and not lanes.
   */
  private List<RuntimeFigures> screen(List<RuntimeSetting> lanes, long examples, long start) {
    int settings = lanes.stream().mapToInt(lane -> lane.batches(examples).size()).sum();
    long slice = slice(2 * SCREENING * settings);
    List<RuntimeFigures> tried = new ArrayList<>();
    List<Lane> open = new ArrayList<>();
    for (RuntimeSetting lane : lanes) {
      open.add(new Lane(lane.batches(examples)));
    }
    while (!open.isEmpty()) {
      for (Lane lane : List.copyOf(open)) {
        boolean granted = tried.size() < GRANTED;
        if (!granted && (clock.getAsLong() - start) * SCREENING >= time) {
          return tried;
        }
        RuntimeSetting setting = lane.next();
        double expected =
            lane.rate > 0 || tried.isEmpty()
                ? lane.rate
                : tried.get(0).median() * setting.streams();
        if (!granted && setting.examples() / expected * 1e9 * LONGEST_RUN > time) {
          open.remove(lane);
          continue;
        }
        rates.of(setting, tried.isEmpty() ? Math.min(WARM_UP, time / 20) : slice / 4);
        double rate = rates.of(setting, slice);
        tried.add(new RuntimeFigures(setting, List.of(rate)));
        if (lane.isOver(rate)) {
          open.remove(lane);
        }
      }
    }
    return tried;
  }

  /** A pair of threads and streams, on its way from the smallest batch to the largest. */
  private static final class Lane {
    private final List<RuntimeSetting> batches;
    private int tried;
    private double rate;
    private double fastest;
    private int falls;

    Lane(List<RuntimeSetting> batches) {
      this.batches = batches;
    }

    RuntimeSetting next() {
      return batches.get(tried);
    }

    /** Takes the rate of the batch that was next; whether larger ones are not worth a try. */
    boolean isOver(double measured) {
      tried++;
      rate = measured;
      fastest = Math.max(fastest, measured);
      falls = measured < FALLING * fastest ? falls + 1 : 0;
      return falls == 2 || tried == batches.size();
    }
  }

  private long slice(int parts) {
    return Math.min(LONGEST_SLICE, Math.max(SHORTEST_SLICE, time / parts));
  }

  /**
   * Those that are still in the race, in their order.
   *
   * @param rounds in which they were measured
   */
  static List<RuntimeFigures> survivors(List<RuntimeFigures> racing, int rounds) {
    double share = BEHIND[Math.min(rounds, BEHIND.length) - 1];
    double bar = share * best(racing, 1).get(0).median();
    List<RuntimeFigures> left = racing.stream().filter(f -> f.median() >= bar).toList();
    return rounds >= BEHIND.length ? best(left, FINALISTS) : left;
  }

  /** So many with the highest medians, in their order. */
  private static List<RuntimeFigures> best(List<RuntimeFigures> racing, int count) {
    List<RuntimeFigures> fastest =
        racing.stream()
            .sorted(Comparator.comparingDouble(RuntimeFigures::median).reversed())
            .limit(count)
            .toList();
    return racing.stream().filter(fastest::contains).toList();
  }
}
