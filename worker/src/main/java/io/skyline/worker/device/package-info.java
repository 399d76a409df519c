/** How fast this machine is: the costs of operators, measured once and kept as a device profile. */
@NullMarked
package io.skyline.worker.device;

import org.jspecify.annotations.NullMarked;
