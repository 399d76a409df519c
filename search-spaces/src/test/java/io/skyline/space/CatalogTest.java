package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.cost.CandidateCost;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Metric;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every space of the catalog. */
class CatalogTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);
  private static final Map<String, CandidateSpace> SPACES = spaces();

  private static Map<String, CandidateSpace> spaces() {
    Map<String, CandidateSpace> spaces = new TreeMap<>();
    Catalog.names().forEach(name -> spaces.put(name, Catalog.space(name)));
    return spaces;
  }

  /** Images for most spaces, one long axis for signals. */
  private static DataCard data(String name) {
    return name.equals("signal") ? Fashion.card(new Shape(3, 1, 128)) : Fashion.CARD;
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(SPACES.keySet());
  }

  private static CandidateSpace space(String name) {
    return SPACES.get(name);
  }

  private static Candidate decode(String name, Genome genome) {
    return space(name).decode(genome, data(name), PLAN);
  }

  @Property(tries = 2_000)
  void everySampleIsANetworkWithCosts(@ForAll("names") String name, @ForAll long seed) {
    Genome genome = space(name).decisions().sample(new SplittableRandom(seed));

    Candidate candidate = decode(name, genome);

    Architecture network = candidate.architecture();
    assertThat(network.classes()).isEqualTo(10);
    assertThat(CandidateCost.of(candidate).value(Metric.MACS).orElseThrow()).isPositive();
    assertThat(CandidateCost.of(candidate).value(Metric.PARAMETERS).orElseThrow()).isPositive();
    assertThat(candidate.recipe().deployed(network).classes()).isEqualTo(10);
  }

  @Property(tries = 500)
  void genomesReadBackFromTheirText(@ForAll("names") String name, @ForAll long seed) {
    SearchSpace space = space(name).decisions();
    Genome genome = space.sample(new SplittableRandom(seed));

    assertThat(space.parse(genome.text())).isEqualTo(genome);
    assertThat(space.parse(genome.text()).digest()).isEqualTo(genome.digest());
  }

  @Property(tries = 500)
  void mutantsAndChildrenAreNetworks(@ForAll("names") String name, @ForAll long seed) {
    SearchSpace space = space(name).decisions();
    SplittableRandom random = new SplittableRandom(seed);
    Genome mother = space.sample(random);
    Genome father = space.sample(random);

    Genome mutant = space.mutate(mother, random);
    Genome child = space.crossover(mother, father, random);

    assertThat(mutant).isNotEqualTo(mother);
    for (Genome genome : List.of(mutant, child)) {
      assertThat(space.parse(genome.text())).isEqualTo(genome);
      assertThat(decode(name, genome).architecture().classes()).isEqualTo(10);
    }
  }

  @Property(tries = 200)
  void itsYamlIsTheSameSpace(@ForAll("names") String name, @ForAll long seed) {
    CandidateSpace again = SpaceReader.read(space(name).yaml(), "again");
    Genome genome = space(name).decisions().sample(new SplittableRandom(seed));

    assertThat(again.decisions().decisions()).isEqualTo(space(name).decisions().decisions());
    assertThat(again.decode(genome, data(name), PLAN)).isEqualTo(decode(name, genome));
  }
}
