package io.skyline.coordinator.search;

import io.skyline.scorecard.Scorecard;

/**
 * A candidate that broke a constraint by little, shown when nothing kept them all.
 *
 * @param step its proposal
 * @param genome its text form
 * @param scorecard what is known of it: exact costs, or measured values
 * @param violation the sum of its relative violations: .1 for 10 % over one limit
 */
public record NearMiss(long step, String genome, Scorecard scorecard, double violation) {}
