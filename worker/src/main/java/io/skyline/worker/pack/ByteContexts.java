package io.skyline.worker.pack;

import java.util.Arrays;

/**
 * Codes bytes by those before them: orders 0 to 4 and 6, and what followed when the last bytes were
 * seen before, mixed as the PAQ compressors do; for skeletons, whose few kilobytes give dictionary
 * coders little to refer to.
 */
final class ByteContexts {
  private static final int ORDERS = 6;
  private static final int MATCH = ORDERS;
  private static final int SLOTS = 1 << 16;
  private static final int SHORTEST_MATCH = 4;
  private static final int LONGEST_MATCH = 31;

  private static final int[] SIZES = {1 << 8, SLOTS, SLOTS, SLOTS, SLOTS, SLOTS, 1 << 7};

  private final ContextMixer mixer;
  private final int[] hashes = new int[ORDERS];
  private final int[] seenAt;
  private byte[] bytes = {};
  private long history;
  private int match;
  private int matched;

  /** Contexts that have learnt nothing. */
  ByteContexts() {
    this(new ContextMixer(SIZES, LONGEST_MATCH + 1, 127, 10), new int[1 << 14]);
  }

  private ByteContexts(ContextMixer mixer, int[] seenAt) {
    this.mixer = mixer;
    this.seenAt = seenAt;
  }

  /** Contexts that have learnt the same. */
  ByteContexts copy() {
    ByteContexts copy = new ByteContexts(new ContextMixer(mixer), seenAt.clone());
    copy.bytes = bytes;
    copy.history = history;
    copy.match = match;
    copy.matched = matched;
    return copy;
  }

  /** Learns from bytes that both sides know, before others. */
  ByteContexts learn(byte[] known) {
    code(known.clone(), (bit, one) -> bit);
    return this;
  }

  /** Codes bytes: an encoder those given, a decoder into the array. */
  void code(byte[] content, BinaryCoder coder) {
    int from = bytes.length;
    bytes = Arrays.copyOf(bytes, from + content.length);
    System.arraycopy(content, 0, bytes, from, content.length);
    for (int at = from; at < bytes.length; at++) {
      next(at, coder);
    }
    System.arraycopy(bytes, from, content, 0, content.length);
  }

  private void next(int at, BinaryCoder coder) {
    hash();
    int expected = matched > 0 ? bytes[match] & 0xff | 0x100 : 0;
    int value = bytes[at];
    int node = 1;
    for (int bit = 7; bit >= 0; bit--) {
      mixer.context(0, node);
      for (int i = 1; i < ORDERS; i++) {
        mixer.context(i, (hashes[i] + node * 0x9e3779b1) >>> 16);
      }
      // as long as the bits so far are those that followed last time
      boolean follows = expected >>> bit + 1 == node;
      int length = follows ? Math.min(matched, LONGEST_MATCH) : 0;
      mixer.context(MATCH, length << 1 | (follows ? expected >> bit & 1 : 0));
      node = node << 1 | mixer.code(coder, value >> bit & 1, length);
    }
    bytes[at] = (byte) node;
    history = history << 8 | node & 0xff;
    follow(at + 1);
  }

  /** Finds where the last bytes occurred before. */
  private void follow(int next) {
    if (matched > 0 && bytes[match] == bytes[next - 1]) {
      match++;
      matched++;
    } else {
      matched = 0;
    }
    int last = (int) history;
    int slot = last * 0x9e3779b1 >>> 18;
    if (matched == 0 && next >= SHORTEST_MATCH) {
      match = seenAt[slot];
      while (matched < LONGEST_MATCH
          && matched < match
          && bytes[match - 1 - matched] == bytes[next - 1 - matched]) {
        matched++;
      }
      matched = matched < SHORTEST_MATCH ? 0 : matched;
    }
    seenAt[slot] = next;
  }

  private void hash() {
    for (int order = 1; order < ORDERS; order++) {
      int length = order < 5 ? order : 6;
      long context = history & (1L << 8 * length) - 1;
      hashes[order] = (int) ((context + order) * 0x9e3779b97f4a7c15L >>> 29);
    }
  }
}
