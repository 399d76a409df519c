package io.skyline.coordinator.data;

import java.util.Locale;

/** What examples are for. */
enum Part {
  TRAIN,
  VALIDATION,
  TEST;

  /** The word in configs and names of folders. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
