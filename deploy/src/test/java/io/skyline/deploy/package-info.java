/** Tests of the whole: the house's rules and the distribution as a user starts it. */
@NullMarked
package io.skyline.deploy;

import org.jspecify.annotations.NullMarked;
