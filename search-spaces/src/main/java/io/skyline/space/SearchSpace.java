package io.skyline.space;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;

/**
 * An ordered list of decisions with the operators that every controller shares: sampling, mutation,
 * crossover, text form and size. What a genome builds is a {@link CandidateSpace}'s business.
 */
public final class SearchSpace {
  private final String name;
  private final List<Decision> decisions;
  private final Map<String, Integer> indexOf = new HashMap<>();

  /**
   * @param name as shown to users
   * @param decisions each after those its {@code when} names
   * @throws IllegalArgumentException if a name stands twice or a condition names no earlier value
   */
  public SearchSpace(String name, List<Decision> decisions) {
    this.name = name;
    this.decisions = List.copyOf(decisions);
    for (int i = 0; i < this.decisions.size(); i++) {
      Decision decision = this.decisions.get(i);
      decision.when().ifPresent(when -> checkCondition(decision, when));
      if (indexOf.put(decision.name(), i) != null) {
        throw new IllegalArgumentException("two decisions are named '" + decision.name() + "'");
      }
    }
    if (this.decisions.isEmpty()) {
      throw new IllegalArgumentException("space '" + name + "' has no decision");
    }
  }

  private void checkCondition(Decision decision, Decision.When when) {
    Integer earlier = indexOf.get(when.decision());
    if (earlier == null || !decisions.get(earlier).values().containsAll(when.values())) {
      throw new IllegalArgumentException(
          decision.name() + " depends on " + when + ", which no earlier decision can take");
    }
  }

  public String name() {
    return name;
  }

  public List<Decision> decisions() {
    return decisions;
  }

  /** The genome of these indices, one a decision; those of inactive decisions are ignored. */
  public Genome genome(int... choices) {
    if (choices.length != decisions.size()) {
      throw new IllegalArgumentException(
          choices.length + " choices for " + decisions.size() + " decisions of " + name);
    }
    int[] canonical = choices.clone();
    StringJoiner text = new StringJoiner(" ");
    for (int i = 0; i < canonical.length; i++) {
      Decision decision = decisions.get(i);
      if (!active(i, canonical)) {
        canonical[i] = 0;
      } else {
        text.add(decision.name() + "=" + decision.values().get(canonical[i]));
      }
    }
    return new Genome(Arrays.stream(canonical).boxed().toList(), text.toString());
  }

  /** Whether decision {@code index} counts, given canonical choices of all earlier ones. */
  private boolean active(int index, int[] choices) {
    Decision decision = decisions.get(index);
    if (decision.when().isEmpty()) {
      return true;
    }
    Decision.When when = decision.when().get();
    int earlier = index(when.decision());
    return active(earlier, choices)
        && when.values().contains(decisions.get(earlier).values().get(choices[earlier]));
  }

  /** The indices of the decisions that count in a genome. */
  public List<Integer> active(Genome genome) {
    int[] choices = choices(genome);
    List<Integer> active = new ArrayList<>();
    for (int i = 0; i < choices.length; i++) {
      if (active(i, choices)) {
        active.add(i);
      }
    }
    return active;
  }

  /** The chosen value of a decision, or its first value where inactive. */
  public String value(Genome genome, String decision) {
    int index = index(decision);
    return decisions.get(index).values().get(genome.choices().get(index));
  }

  private int index(String decision) {
    Integer index = indexOf.get(decision);
    if (index == null) {
      throw new IllegalArgumentException("space '" + name + "' has no decision '" + decision + "'");
    }
    return index;
  }

  /** A genome drawn uniformly decision by decision. */
  public Genome sample(RandomGenerator random) {
    int[] choices = new int[decisions.size()];
    for (int i = 0; i < choices.length; i++) {
      choices[i] = random.nextInt(decisions.get(i).values().size());
    }
    return genome(choices);
  }

  /**
   * A genome that differs from its parent: one active decision with more than one value takes
   * another value, a neighbouring one with probability one half where the values have an order.
   *
   * @throws IllegalStateException if the space holds nothing else
   */
  public Genome mutate(Genome parent, RandomGenerator random) {
    List<Integer> free =
        active(parent).stream().filter(i -> decisions.get(i).values().size() > 1).toList();
    if (free.isEmpty()) {
      throw new IllegalStateException("space '" + name + "' holds a single genome");
    }
    int chosen = free.get(random.nextInt(free.size()));
    int value = another(decisions.get(chosen), parent.choices().get(chosen), random);
    return changed(parent, chosen, value, random);
  }

  /**
   * The genome in which an active decision takes this value; decisions that wake up take a random
   * value, not the canonical one.
   *
   * @param decision its index
   * @param value the value's index
   */
  public Genome changed(Genome parent, int decision, int value, RandomGenerator random) {
    int[] before = choices(parent);
    int[] choices = before.clone();
    choices[decision] = value;
    for (int i = 0; i < choices.length; i++) {
      if (i != decision && !active(i, before) && active(i, choices)) {
        choices[i] = random.nextInt(decisions.get(i).values().size());
      }
    }
    return genome(choices);
  }

  private static int another(Decision decision, int current, RandomGenerator random) {
    int count = decision.values().size();
    if (decision.kind() == Decision.Kind.ORDINAL && random.nextBoolean()) {
      int step = random.nextBoolean() ? 1 : -1;
      int neighbour = current + step;
      return neighbour >= 0 && neighbour < count ? neighbour : current - step;
    }
    int drawn = random.nextInt(count - 1);
    return drawn < current ? drawn : drawn + 1;
  }

  /** Uniform crossover: each decision from either parent with equal chance. */
  public Genome crossover(Genome mother, Genome father, RandomGenerator random) {
    int[] choices = choices(mother);
    for (int i = 0; i < choices.length; i++) {
      if (random.nextBoolean()) {
        choices[i] = father.choices().get(i);
      }
    }
    return genome(choices);
  }

  /**
   * The genome of a text form.
   *
   * @throws IllegalArgumentException naming the first word that does not fit the space
   */
  public Genome parse(String text) {
    int[] choices = new int[decisions.size()];
    for (String word : text.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      Integer index = equals < 0 ? null : indexOf.get(word.substring(0, equals));
      int value = index == null ? -1 : valueIndex(index, word.substring(equals + 1));
      if (index == null || value < 0) {
        throw new IllegalArgumentException("'" + word + "' is no choice of space '" + name + "'");
      }
      choices[index] = value;
    }
    Genome genome = genome(choices);
    if (!genome.text().equals(text.strip())) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a genome of space '" + name + "'; nearest: '" + genome + "'");
    }
    return genome;
  }

  private int valueIndex(int decision, String value) {
    return decisions.get(decision).values().indexOf(value);
  }

  /** How many distinct genomes there are. */
  public BigInteger size() {
    BigInteger size = BigInteger.ONE;
    for (Decision decision : decisions) {
      if (decision.when().isEmpty()) {
        size = size.multiply(sizeBelow(decision));
      }
    }
    return size;
  }

  /**
   * Every decision hangs on at most one other, so those that hang on it are independent of each
   * other once its value is known: a sum over its values of a product, one visit a decision.
   */
  private BigInteger sizeBelow(Decision decision) {
    List<Decision> dependent =
        decisions.stream().filter(other -> dependsOn(other, decision.name())).toList();
    Map<Decision, BigInteger> sizes = new HashMap<>();
    dependent.forEach(other -> sizes.put(other, sizeBelow(other)));
    BigInteger sum = BigInteger.ZERO;
    for (String value : decision.values()) {
      BigInteger product = BigInteger.ONE;
      for (Map.Entry<Decision, BigInteger> entry : sizes.entrySet()) {
        boolean counts = entry.getKey().when().orElseThrow().values().contains(value);
        product = counts ? product.multiply(entry.getValue()) : product;
      }
      sum = sum.add(product);
    }
    return sum;
  }

  private static boolean dependsOn(Decision decision, String other) {
    return decision.when().isPresent() && decision.when().get().decision().equals(other);
  }

  private static int[] choices(Genome genome) {
    return genome.choices().stream().mapToInt(Integer::intValue).toArray();
  }
}
