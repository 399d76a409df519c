package io.skyline.coordinator.sharing;

import io.skyline.coordinator.TestData;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.Genome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A step of a sharing phase over cells: what it trains, and what it adds. */
record SharedStep(Genome genome, SharedLayout layout, Map<String, float[]> added) {
  private static final CandidateSpace SPACE = Catalog.space("cell");
  private static final DataCard DATA = TestData.images(12);

  /** Steps of random networks. */
  static List<SharedStep> draw(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SharedStep> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(draw(random));
    }
    return steps;
  }

  private static SharedStep draw(SplittableRandom random) {
    Genome genome = SPACE.decisions().sample(random);
    SharedLayout layout =
        SharedLayout.of(SPACE.decode(genome, DATA, TrainingPlan.standard(1)).architecture());
    Map<String, float[]> added = new LinkedHashMap<>();
    for (SharedOperation operation : layout.operations()) {
      float[] vector = new float[operation.length()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextDouble(-1, 1);
      }
      added.put(operation.key(), vector);
    }
    return new SharedStep(genome, layout, added);
  }
}
