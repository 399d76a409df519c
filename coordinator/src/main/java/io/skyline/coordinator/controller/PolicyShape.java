package io.skyline.coordinator.controller;

import io.skyline.space.SearchSpace;

/**
 * Where the parts of an {@link LstmPolicy}'s parameter vector begin.
 *
 * @param firstValue number of each decision's first value among the values of all decisions
 * @param values of all decisions
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PolicyShape(LstmPolicy.Settings settings, int[] firstValue, int values) {
  static PolicyShape of(SearchSpace space, LstmPolicy.Settings settings) {
    int[] first = new int[space.decisions().size()];
    int values = 0;
    for (int i = 0; i < first.length; i++) {
      first[i] = values;
      values += space.decisions().get(i).values().size();
    }
    return new PolicyShape(settings, first, values);
  }

  int hidden() {
    return settings.hidden();
  }

  /** The embedding of a value; the last one is the start's. */
  int embedding(int value) {
    return value * hidden();
  }

  int row(int gate, int unit) {
    return embedding(values + 1) + (gate * hidden() + unit) * columns();
  }

  int columns() {
    return 2 * hidden() + 1;
  }

  int logit(int value) {
    return row(LstmPolicy.GATES, 0) + value * (hidden() + 1);
  }

  int length() {
    return logit(values);
  }
}
