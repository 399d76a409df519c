/** One trial from data to scorecard, in a child process of the worker. */
@NullMarked
package io.skyline.worker.trial;

import org.jspecify.annotations.NullMarked;
