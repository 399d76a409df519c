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
   * @param time for all of it; one run of the first setting, three of the best two, and what was
   *     begun may exceed it
   */
  RuntimeRace(Rates rates, LongSupplier clock, Duration time) {
    this.rates = rates;
    this.clock = clock;
    this.time = time.toNanos();
  }

  /**
   * Runs the race.
   *
   * @param lanes pairs of threads and streams, of which each batch is tried; the first is tried in
   *     any case
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

  /** The first round, in which each setting runs for a moment before it counts. */
  private List<RuntimeFigures> screen(List<RuntimeSetting> lanes, long examples, long start) {
    List<RuntimeFigures> tried = new ArrayList<>();
    int settings = lanes.stream().mapToInt(lane -> lane.batches(examples).size()).sum();
    double plain = 0;
    for (RuntimeSetting lane : lanes) {
      double before = plain * lane.streams();
      double fastest = 0;
      int falls = 0;
      for (RuntimeSetting setting : lane.batches(examples)) {
        boolean first = tried.isEmpty();
        if (!first && (clock.getAsLong() - start) * SCREENING >= time) {
          return tried;
        }
        if (!first && setting.examples() / before * 1e9 * LONGEST_RUN > time) {
          break;
        }
        long slice = slice(2 * SCREENING * settings);
        rates.of(setting, first ? Math.min(WARM_UP, time / 20) : slice / 4);
        before = rates.of(setting, slice);
        tried.add(new RuntimeFigures(setting, List.of(before)));
        plain = first ? before : plain;
        fastest = Math.max(fastest, before);
        falls = before < FALLING * fastest ? falls + 1 : 0;
        if (falls == 2) {
          break;
        }
      }
    }
    return tried;
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
