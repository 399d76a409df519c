/** Networks that begin with the weights of another one: their parent in an evolving search. */
@NullMarked
package io.skyline.worker.inherit;

import org.jspecify.annotations.NullMarked;
