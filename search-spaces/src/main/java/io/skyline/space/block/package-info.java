/** The blocks of the literature, laid down layer by layer; every kind of space builds with them. */
@NullMarked
package io.skyline.space.block;

import org.jspecify.annotations.NullMarked;
