package io.skyline.worker.pack;

/**
 * An arithmetic coder of binary decisions. A model that asks it bit by bit is written once: the
 * same code packs with an encoder and unpacks with a decoder.
 */
interface BinaryCoder {
  /**
   * Codes a decision.
   *
   * @param bit what an encoder writes; a decoder does not look at it
   * @param one the probability of 1, in 65536ths, 1 to 65535
   * @return what an encoder wrote, what a decoder read
   */
  int code(int bit, int one);
}
