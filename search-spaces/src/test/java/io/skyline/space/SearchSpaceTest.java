package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.space.Decision.Kind;
import io.skyline.space.Decision.When;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  /** Up to six decisions of up to four values, each free or hanging on an earlier one. */
  @Provide
  Arbitrary<SearchSpace> spaces() {
    return Arbitraries.longs().map(seed -> space(new Random(seed)));
  }

  private static SearchSpace space(Random random) {
    List<Decision> decisions = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      List<String> values = List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4));
      Optional<When> when = Optional.empty();
      if (i > 0 && random.nextBoolean()) {
        Decision earlier = decisions.get(random.nextInt(i));
        Set<String> under = new HashSet<>(earlier.values());
        under.removeIf(value -> random.nextBoolean());
        under.add(earlier.values().get(0));
        when = Optional.of(new When(earlier.name(), under));
      }
      Kind kind = random.nextBoolean() ? Kind.ORDINAL : Kind.CATEGORICAL;
      decisions.add(new Decision("d" + i, kind, values, when));
    }
    return new SearchSpace("random", decisions);
  }

  @Property
  void sizeIsTheNumberOfDistinctGenomes(@ForAll("spaces") SearchSpace space) {
    Set<Genome> genomes = Enumeration.of(space);

    assertThat(space.size()).isEqualTo(BigInteger.valueOf(genomes.size()));
    assertThat(genomes.stream().map(Genome::digest).distinct()).hasSize(genomes.size());
  }

  @Property
  void textReadsBackToTheSameGenome(@ForAll("spaces") SearchSpace space, @ForAll long seed) {
    Genome genome = space.sample(new SplittableRandom(seed));

    assertThat(space.parse(genome.text())).isEqualTo(genome);
    assertThat(space.parse(genome.text()).digest()).isEqualTo(genome.digest());
  }

  @Property
  void inactiveDecisionsAreCanonical(@ForAll("spaces") SearchSpace space, @ForAll long seed) {
    Genome genome = space.sample(new SplittableRandom(seed));
    List<Integer> active = space.active(genome);

    for (int i = 0; i < space.decisions().size(); i++) {
      boolean written = genome.text().contains(space.decisions().get(i).name() + "=");
      assertThat(written).isEqualTo(active.contains(i));
      if (!written) {
        assertThat(genome.choices().get(i)).isZero();
      }
    }
    assertThat(space.genome(genome.choices().stream().mapToInt(i -> i).toArray()))
        .isEqualTo(genome);
  }

  @Property
  void mutationChangesExactlyOneDecisionThatCounts(
      @ForAll("spaces") SearchSpace space, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Genome parent = space.sample(random);
    List<Integer> before = space.active(parent);
    boolean free = before.stream().anyMatch(i -> space.decisions().get(i).values().size() > 1);
    Assume.that(free);

    Genome child = space.mutate(parent, random);

    List<Integer> after = space.active(child);
    List<Integer> changed =
        before.stream()
            .filter(after::contains)
            .filter(i -> !child.choices().get(i).equals(parent.choices().get(i)))
            .toList();
    assertThat(changed).hasSize(1);
    assertThat(child).isNotEqualTo(parent);
  }

  @Test
  void aChangeGivesWhatItWakesUpRandomValues() {
    SearchSpace space =
        new SearchSpace(
            "s",
            List.of(
                new Decision("kind", Kind.CATEGORICAL, List.of("a", "b"), Optional.empty()),
                new Decision(
                    "width",
                    Kind.ORDINAL,
                    List.of("8", "16", "24"),
                    Optional.of(new When("kind", Set.of("b")))),
                new Decision("head", Kind.CATEGORICAL, List.of("x", "y"), Optional.empty())));
    SplittableRandom random = new SplittableRandom(3);
    Genome asleep = space.genome(0, 0, 1);

    Set<String> woken = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      woken.add(space.changed(asleep, 0, 1, random).text());
    }
    assertThat(woken)
        .containsExactlyInAnyOrder(
            "kind=b width=8 head=y", "kind=b width=16 head=y", "kind=b width=24 head=y");
    assertThat(space.changed(space.genome(1, 2, 0), 2, 1, random)).isEqualTo(space.genome(1, 2, 1));
  }

  @Property
  void aChildHasEachActiveValueFromOneOfItsParents(
      @ForAll("spaces") SearchSpace space, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Genome mother = space.sample(random);
    Genome father = space.sample(random);

    Genome child = space.crossover(mother, father, random);

    for (int i : space.active(child)) {
      assertThat(child.choices().get(i)).isIn(mother.choices().get(i), father.choices().get(i));
    }
    assertThat(space.crossover(mother, mother, random)).isEqualTo(mother);
  }

  @Property
  void theSameSeedDrawsTheSame(@ForAll("spaces") SearchSpace space, @ForAll long seed) {
    assertThat(space.sample(new SplittableRandom(seed)))
        .isEqualTo(space.sample(new SplittableRandom(seed)));
  }

  @Test
  void ordinalMutationsPreferNeighbours() {
    SearchSpace space =
        new SearchSpace(
            "width",
            List.of(
                new Decision(
                    "width",
                    Kind.ORDINAL,
                    List.of("8", "16", "24", "32", "40", "48", "56", "64"),
                    Optional.empty())));
    SplittableRandom random = new SplittableRandom(3);
    Genome middle = space.genome(4);

    int near = 0;
    for (int i = 0; i < 1000; i++) {
      near += Math.abs(space.mutate(middle, random).choices().get(0) - 4) == 1 ? 1 : 0;
    }

    // one half on purpose, and two of seven of the other half
    assertThat(near).isBetween(590, 700);
  }

  @Test
  void manyConditionalGroupsAreCountedAtOnce() {
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      decisions.add(
          new Decision("d" + i, Kind.CATEGORICAL, List.of("off", "on"), Optional.empty()));
      decisions.add(
          new Decision(
              "e" + i,
              Kind.CATEGORICAL,
              List.of("x", "y"),
              Optional.of(new When("d" + i, Set.of("on")))));
    }

    assertThat(new SearchSpace("large", decisions).size())
        .isEqualTo(BigInteger.valueOf(3).pow(200));
  }

  @Test
  void theDigestIsThatOfTheText() {
    SearchSpace space =
        new SearchSpace(
            "s", List.of(new Decision("a", Kind.CATEGORICAL, List.of("x", "y"), Optional.empty())));

    assertThat(space.genome(1).text()).isEqualTo("a=y");
    assertThat(space.genome(1).digest())
        .isEqualTo("e91965b7714eca33e4674b71c468ef16f5893b479de7db93d33c5c3595b39776");
  }

  @Test
  void refusesTextThatIsNoGenome() {
    SearchSpace space =
        new SearchSpace(
            "s",
            List.of(
                new Decision("a", Kind.CATEGORICAL, List.of("x", "y"), Optional.empty()),
                new Decision(
                    "b",
                    Kind.ORDINAL,
                    List.of("1", "2"),
                    Optional.of(new When("a", Set.of("y"))))));

    for (String text : List.of("", "a=z", "c=1", "a", "a=x b=2", "a=y", "b=1 a=y")) {
      assertThatThrownBy(() -> space.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(space.parse(" a=y b=2 ").choices()).containsExactly(1, 1);
  }
}
