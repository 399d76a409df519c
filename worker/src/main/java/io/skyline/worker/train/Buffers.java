package io.skyline.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/**
 * Native memory for gradients, handed out and taken back while the backward pass is planned, so
 * that a graph keeps no more of them than are alive at once.
 */
final class Buffers {
  private final Arena arena;
  private final List<Buffer> all = new ArrayList<>();

  Buffers(Arena arena) {
    this.arena = arena;
  }

  /** A stretch of native memory with a count of those who still need it. */
  static final class Buffer {
    private final memory storage;
    private final long bytes;
    private int holders;

    private Buffer(memory storage, long bytes) {
      this.storage = storage;
      this.bytes = bytes;
    }

    /** The buffer as a tensor of this description. */
    memory as(memory.desc format) {
      return OneDnn.view(storage, format);
    }

    Buffer retain() {
      holders++;
      return this;
    }

    void release() {
      if (holders == 0) {
        throw new IllegalStateException("released more often than held");
      }
      holders--;
    }

    /** Whether somebody else needs the numbers too, so that they cannot be overwritten. */
    boolean isShared() {
      return holders > 1;
    }
  }

  /** A buffer of this size that nobody needs, held once by the caller. */
  Buffer take(memory.desc format) {
    long bytes = format.get_size();
    for (Buffer buffer : all) {
      if (buffer.holders == 0 && buffer.bytes == bytes) {
        return buffer.retain();
      }
    }
    Buffer fresh = new Buffer(arena.allocate(format), bytes);
    all.add(fresh);
    return fresh.retain();
  }

  /** Bytes of native memory behind all buffers. */
  long bytes() {
    return all.stream().mapToLong(buffer -> buffer.bytes).sum();
  }
}
