package io.skyline.scorecard;

/** Why a trial ended without a score. */
public enum FailureKind {
  /** The candidate cannot be built or breaks an exact limit. */
  INFEASIBLE,
  /** Training or scoring gave a number that is not finite. */
  DIVERGED,
  OUT_OF_MEMORY,
  TIMED_OUT,
  /** The process that evaluated it died. */
  CRASHED,
  /** The worker was lost on every attempt. */
  WORKER_LOST,
  /** An artifact did not match its digest. */
  BAD_ARTIFACT,
  /** A defect in Skyline. */
  INTERNAL
}
