package io.skyline.worker.trial;

import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.worker.data.ArtifactSource;

final class TrialRunner implements TaskRunner {
  /** The system property that names the folder of cached splits. */
  static final String DATA_FOLDER = "skyline.data";

  TrialRunner(ArtifactSource source) {}

  @Override
  public Scored run(RunTask task, TaskMonitor monitor) throws Exception {
    throw new UnsupportedOperationException();
  }

  @Override
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }
}
