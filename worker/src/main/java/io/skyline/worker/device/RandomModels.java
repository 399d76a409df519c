package io.skyline.worker.device;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.InputKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random candidates of the catalog's spaces, as they would be deployed, without exits: in float32
 * and int8 by turns.
 */
final class RandomModels {
  private static final List<Shape> IMAGES =
      List.of(new Shape(1, 28, 28), new Shape(3, 32, 32), new Shape(1, 20, 20));
  private static final List<Shape> SIGNALS =
      List.of(new Shape(1, 1, 128), new Shape(3, 1, 256), new Shape(8, 1, 64));
  private static final List<Shape> TABLES =
      List.of(Shape.flat(16), Shape.flat(64), new Shape(1, 28, 28));
  private static final String TABULAR = "mlp";
  private static final int CLASSES = 10;

  private final SplittableRandom random;
  private final List<CandidateSpace> spaces = Catalog.names().stream().map(Catalog::space).toList();
  private int drawn;

  RandomModels(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A network and how its numbers are stored. */
  record Drawn(Architecture architecture, Storage storage) {}

  /** The next one; the spaces take turns. */
  Drawn next() {
    CandidateSpace space = spaces.get(drawn % spaces.size());
    Storage storage = drawn / spaces.size() % 2 == 0 ? Storage.FP32 : Storage.INT8;
    drawn++;
    while (true) {
      try {
        return new Drawn(architecture(space), storage);
      } catch (InvalidArchitectureException e) {
        continue; // this genome cannot be built for this input
      }
    }
  }

  private Architecture architecture(CandidateSpace space) {
    Candidate candidate =
        space.decode(
            space.decisions().sample(random), data(input(space)), TrainingPlan.standard(1));
    return candidate.recipe().deployed(candidate.architecture()).withExits(List.of());
  }

  private Shape input(CandidateSpace space) {
    List<Shape> shapes = IMAGES;
    if (space.decisions().name().equals(TABULAR)) {
      shapes = TABLES;
    } else if (space.input().equals(Optional.of(InputKind.SIGNAL))) {
      shapes = SIGNALS;
    }
    return shapes.get(random.nextInt(shapes.size()));
  }

  /** Enough of a data card to decode with. */
  private static DataCard data(Shape input) {
    DataCard.Split none = new DataCard.Split("0".repeat(64), 1, 1);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < CLASSES; i++) {
      names.add(Integer.toString(i));
    }
    return new DataCard(
        "random",
        input,
        names,
        Collections.nCopies(input.channels(), 0f),
        Collections.nCopies(input.channels(), 1f),
        none,
        none,
        none);
  }
}
