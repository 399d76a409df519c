/** Weights that networks of a space share: which operation owns which numbers, and their files. */
@NullMarked
package io.skyline.sharing;

import org.jspecify.annotations.NullMarked;
