/** Image files as raw network inputs, the same when data is prepared and when a model is tried. */
@NullMarked
package io.skyline.image;

import org.jspecify.annotations.NullMarked;
