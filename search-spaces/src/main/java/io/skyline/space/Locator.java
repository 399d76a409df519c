package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import io.skyline.space.Decision.When;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.List;
import java.util.Optional;

/**
 * A tiny network that looks at a coarse copy of the image and says where the rest of the network
 * looks closely: the localisation network of a spatial transformer (Jaderberg et al. 2015), ending
 * in a soft-argmax (Levine et al. 2016), which learns from objects anywhere what they look like
 * everywhere; a dense layer in its place found small objects in few images after as much training.
 *
 * @param share of the image's rows and columns that the rest sees; 1 leaves the locator out
 * @param coarse rows and columns of the image in one of the coarse copy
 * @param width channels of its convolution
 */
record Locator(Setting share, Setting coarse, Setting width) {
  private static final String EXAMPLE = "glimpse: {share: [1, 0.5]}";

  /** Reads the key {@code glimpse}, which may be left out. */
  static Optional<Locator> read(Fields space, InputKind input, Choices choices, Problems problems) {
    Optional<Value> glimpse = space.take("glimpse");
    if (glimpse.isPresent() && input != InputKind.IMAGE) {
      problems.add(
          glimpse.get().place(),
          "'glimpse' looks for a place in an image, but the space's input is a " + input.word(),
          "Leave it out.");
    }
    return glimpse.map(value -> read(value, choices, problems));
  }

  private static Locator read(Value value, Choices choices, Problems problems) {
    Fields fields = choices.fields("glimpse", value, EXAMPLE);
    choices.need(fields, "share", "share: [1, 0.5]");
    Setting share =
        choices.numbers(
            fields, "share", "glimpse.share", "0.5", Range.of(0.05, 1), Optional.empty());
    if (share.values().equals(List.of("1"))) {
      problems.add(
          value.place(),
          "a glimpse whose 'share' is 1 sees the whole image",
          "Leave 'glimpse' out, or let 'share' be less than 1 as well: [1, 0.5].");
    }
    Optional<When> present = share.unless("1", Optional.empty());
    Setting coarse =
        choices.words(fields, "coarse", "glimpse.coarse", "4", List.of("2", "4", "8"), present);
    Setting width =
        choices.numbers(fields, "width", "glimpse.width", "8", Range.eights(8, 64), present);
    fields.end();
    return new Locator(share, coarse, width);
  }

  void lay(Draft draft, Genome genome, SearchSpace space, Activation activation) {
    double seen = share.number(genome, space);
    if (seen == 1) {
      return;
    }
    String image = draft.last();
    Shape whole = draft.shape();
    int factor = coarse.integer(genome, space);
    if (whole.height() % factor != 0 || whole.width() % factor != 0) {
      throw new InvalidArchitectureException(
          "glimpse: an input of " + whole + " has no whole cells of " + factor + "x" + factor);
    }
    draft.add("locator_coarse", new Pooling(Pooling.Kind.AVERAGE, factor, factor, 0));
    draft.activated(
        "locator_conv", Convolution.same(width.integer(genome, space), 3, 1), activation);
    draft.add("locator_scores", Convolution.same(1, 3, 1));
    String position = draft.add("locator", new SoftArgmax(1 / (1 - seen)));
    draft.add(
        "glimpse",
        new Glimpse(part(whole.height(), seen), part(whole.width(), seen)),
        List.of(image, position));
  }

  private static int part(int extent, double share) {
    return (int) Math.max(1, Math.round(extent * share));
  }
}
