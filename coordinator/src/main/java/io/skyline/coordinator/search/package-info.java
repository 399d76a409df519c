/** What a search is, as pure values: state folded from events, trials, objectives, frontier. */
@NullMarked
package io.skyline.coordinator.search;

import org.jspecify.annotations.NullMarked;
