/** Commands that run on the worker's class path. */
@NullMarked
package io.skyline.worker.cli;

import org.jspecify.annotations.NullMarked;
