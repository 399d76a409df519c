package io.skyline.worker.train;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of one graph, cut from large slabs that go back to the system as a whole.
 *
 * <p>Tensor by tensor, the C library would keep what is freed in pieces that the next network's
 * sizes do not fit: the process grew by half within 200 trials. It maps and unmaps only what is
 * larger than 32 MiB by itself.
 */
final class Arena {
  private static final long SLAB_BYTES = 40L << 20;

  /** Keeps vector loads within cache lines. */
  private static final long ALIGNMENT = 64;

  private @Nullable BytePointer slab;
  private long used;
  private long size;

  /** Uninitialised memory for a tensor, freed with the pointer scope that is open. */
  memory allocate(memory.desc format) {
    long bytes = (format.get_size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    BytePointer current = slab;
    if (current == null || used + bytes > size) {
      size = Math.max(SLAB_BYTES, bytes);
      memory.desc whole = OneDnn.vector(size / Float.BYTES);
      current = new BytePointer(new memory(whole, OneDnn.ENGINE).get_data_handle());
      slab = current;
      used = 0;
    }
    memory part = new memory(format, OneDnn.ENGINE, current.getPointer(used));
    used += bytes;
    return part;
  }
}
