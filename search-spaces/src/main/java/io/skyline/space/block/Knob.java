package io.skyline.space.block;

/** One setting of the blocks of a stage; the word is its key in YAML. */
public enum Knob {
  /**
   * Extent of the spatial kernel, an odd number: up to 7x7 over images, up to 1x31 over signals.
   */
  KERNEL("kernel", "3"),
  /** Channels that a block, or a densely connected stage, gives on. */
  WIDTH("width", "8"),
  /** Channels inside an inverted block, times those it reads. */
  EXPANSION("expansion", "4"),
  /** Groups of the grouped convolutions: 1, 2, 4 or 8. */
  GROUPS("groups", "1"),
  /** Distance between neighbouring taps of the spatial kernel, where a block keeps the extent. */
  DILATION("dilation", "1"),
  /** Channels inside a fire or bottleneck block, times its width. */
  SQUEEZE("squeeze", "0.25"),
  /** Channels that each block of a densely connected stage adds. */
  GROWTH("growth", "8"),
  /** {@code none}, {@code se}, {@code spatial} or {@code cbam}. */
  ATTENTION("attention", "none"),
  /** Channels for each one inside squeeze-and-excitation. */
  REDUCTION("reduction", "4"),
  /** The rate at which training skips the branches of residual blocks. */
  DROP_PATH("drop_path", "0"),
  /** One of so many inputs is kept by each group that learns them; 1 where groups are given. */
  CONDENSATION("condensation", "1");

  private final String word;
  private final String preset;

  Knob(String word, String preset) {
    this.word = word;
    this.preset = preset;
  }

  /** The key in YAML. */
  public String word() {
    return word;
  }

  /** The value where nothing is said. */
  public String preset() {
    return preset;
  }
}
