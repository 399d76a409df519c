package io.skyline.coordinator.config;

import java.util.OptionalInt;

/**
 * That children begin with the weights of their parents.
 *
 * @param epochs of a trial with a parent; empty for as many as any other trial has
 */
public record InheritSettings(OptionalInt epochs) {}
