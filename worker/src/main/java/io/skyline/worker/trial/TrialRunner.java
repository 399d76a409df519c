package io.skyline.worker.trial;

import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;

final class TrialRunner implements TaskRunner {
  @Override
  public Scored run(RunTask task, TaskMonitor monitor) throws Exception {
    throw new UnsupportedOperationException();
  }

  @Override
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }
}
