/** Who proposes: one file a controller; pure and seeded, without clock or threads. */
@NullMarked
package io.skyline.coordinator.controller;

import org.jspecify.annotations.NullMarked;
