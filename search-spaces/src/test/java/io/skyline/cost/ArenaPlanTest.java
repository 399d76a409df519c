package io.skyline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.cost.ArenaPlan.Placement;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ArenaPlanTest {
  private static final StoragePlan FLOATS = StoragePlan.all(Storage.FP32);

  @Example
  void buffersThatNeverMeetLieOverEachOther() {
    ArenaPlan plan =
        ArenaPlan.of(
            List.of(
                new Placement("a", 0, 100, 0, 1),
                new Placement("b", 0, 60, 1, 2),
                new Placement("c", 0, 100, 2, 3)));
    assertThat(plan.bytes()).isEqualTo(160);
    assertThat(plan.placements())
        .containsExactly(
            new Placement("a", 0, 100, 0, 1),
            new Placement("b", 100, 60, 1, 2),
            new Placement("c", 0, 100, 2, 3));
  }

  @Property
  void noTwoThatLiveTogetherOverlapAndTheStretchHoldsThePeak(@ForAll long seed) {
    Random random = new Random(seed);
    List<Placement> buffers = new ArrayList<>();
    int count = 1 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      int last = i + random.nextInt(1 + random.nextInt(6));
      buffers.add(new Placement("n" + i, 0, 1 + random.nextInt(1000), i, last));
    }
    check(ArenaPlan.of(buffers));
  }

  private static void check(ArenaPlan plan) {
    List<Placement> all = plan.placements();
    int end = all.stream().mapToInt(Placement::last).max().orElseThrow();
    for (int position = -1; position <= end; position++) {
      int now = position;
      List<Placement> live = all.stream().filter(p -> p.first() <= now && now <= p.last()).toList();
      assertThat(live.stream().mapToLong(Placement::bytes).sum()).isLessThanOrEqualTo(plan.bytes());
      for (Placement one : live) {
        for (Placement other : live) {
          boolean apart =
              one.offset() + one.bytes() <= other.offset()
                  || other.offset() + other.bytes() <= one.offset();
          assertThat(one == other || apart).as("%s and %s", one, other).isTrue();
        }
      }
    }
  }

  @Example
  void aNetworksPlanHoldsItsPeakAndSeldomMore() {
    CandidateSpace space = Catalog.space("mobile");
    List<String> classes = Collections.nCopies(10, "c");
    DataCard.Split none = new DataCard.Split("0".repeat(64), 1, 1);
    DataCard data =
        new DataCard(
            "d",
            new io.skyline.architecture.Shape(1, 28, 28),
            classes,
            List.of(0f),
            List.of(1f),
            none,
            none,
            none);
    SplittableRandom random = new SplittableRandom(5);
    int exact = 0;
    for (int i = 0; i < 100; i++) {
      Candidate candidate =
          space.decode(space.decisions().sample(random), data, TrainingPlan.standard(1));
      Architecture network = candidate.recipe().deployed(candidate.architecture());
      ArenaPlan plan = ArenaPlan.of(network, FLOATS);
      long peak = NetworkCost.of(network, FLOATS).peakActivationBytes();
      check(plan);
      assertThat(plan.bytes()).isBetween(peak, peak * 3 / 2);
      exact += plan.bytes() == peak ? 1 : 0;
    }
    assertThat(exact).isGreaterThan(80);
  }
}
