/** The session with the coordinator: demand, heartbeat, report until acknowledged. */
@NullMarked
package io.skyline.worker.link;

import org.jspecify.annotations.NullMarked;
