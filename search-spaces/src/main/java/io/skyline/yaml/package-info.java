/**
 * YAML as users write it: a tree whose every value knows its place, and problems that point there.
 */
@NullMarked
package io.skyline.yaml;

import org.jspecify.annotations.NullMarked;
