package io.skyline.coordinator.controller;

import io.skyline.space.Genome;

/** What a controller wants tried. */
public record Proposal(Genome genome) {}
