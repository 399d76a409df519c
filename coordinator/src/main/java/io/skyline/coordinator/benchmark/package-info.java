/**
 * Controllers on tables of trained networks: what a search finds, in seconds and over many seeds.
 */
@NullMarked
package io.skyline.coordinator.benchmark;

import org.jspecify.annotations.NullMarked;
