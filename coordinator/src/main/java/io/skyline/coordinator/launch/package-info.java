/** From a config to a running search: data prepared, folder made, plan resolved. */
@NullMarked
package io.skyline.coordinator.launch;

import org.jspecify.annotations.NullMarked;
