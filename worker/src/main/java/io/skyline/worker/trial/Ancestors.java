package io.skyline.worker.trial;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.v1.Ancestor;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.inherit.Inheritance;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets networks begin with the weights of their parents, which are fetched by digest. */
final class Ancestors {
  private static final Logger LOG = LoggerFactory.getLogger(Ancestors.class);

  private final ArtifactSource source;

  Ancestors(ArtifactSource source) {
    this.source = source;
  }

  /**
   * The network that a training begins with: the fresh one if it has no parent, or if the parent's
   * weights are gone or are of no use.
   *
   * @param folder for a file that is gone afterwards
   */
  Network start(Plan plan, Network fresh, Path folder) {
    if (!plan.task().hasAncestor()) {
      return fresh;
    }
    Ancestor ancestor = plan.task().getAncestor();
    try {
      Inheritance.Start start =
          Inheritance.of(parent(plan, ancestor, folder), fresh, plan.task().getSeed());
      LOG.info(
          "{} of {} tensors are inherited{}",
          start.inherited(),
          fresh.weights().tensors().size(),
          start.preserving() ? ", and what they compute" : "");
      return start.network();
    } catch (IOException
        | TaskFailedException
        | InvalidArchitectureException
        | IllegalArgumentException e) {
      LOG.warn("begins afresh, for its parent's weights cannot be had: {}", e.toString());
      return fresh;
    }
  }

  private Network parent(Plan plan, Ancestor ancestor, Path folder)
      throws IOException, TaskFailedException {
    Architecture architecture = plan.architecture(ancestor.getGenome());
    Path file = Files.createTempFile(folder, "parent", ".part");
    try {
      source.fetch(ancestor.getTrained().getDigest(), file);
      Artifacts.verify(file, ancestor.getTrained().getDigest());
      return WeightsFile.readPlain(file, architecture, plan.normalization());
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
