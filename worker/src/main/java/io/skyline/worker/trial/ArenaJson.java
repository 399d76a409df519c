package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.cost.ArenaPlan;

/** A memory plan as cards hold it. */
final class ArenaJson {
  private ArenaJson() {}

  static void write(ObjectNode memory, ArenaPlan plan, long weightBytes) {
    memory.put("flash_bytes", weightBytes).put("ram_bytes", plan.bytes());
    for (ArenaPlan.Placement placement : plan.placements()) {
      memory
          .withArray("buffers")
          .addObject()
          .put("name", placement.name())
          .put("offset", placement.offset())
          .put("bytes", placement.bytes())
          .put("first_layer", placement.first())
          .put("last_layer", placement.last());
    }
  }
}
