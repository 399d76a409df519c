/** Networks whose weights are shared with all others of their space. */
@NullMarked
package io.skyline.worker.sharing;

import org.jspecify.annotations.NullMarked;
