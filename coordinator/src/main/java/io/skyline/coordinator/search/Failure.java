package io.skyline.coordinator.search;

import io.skyline.scorecard.FailureKind;

/**
 * Why a task ended without numbers.
 *
 * @param kind for the machine
 * @param reason for a person
 */
public record Failure(FailureKind kind, String reason) {}
