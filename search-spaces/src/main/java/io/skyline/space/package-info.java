/** What may be built: decisions, genomes and how they decode to candidates. */
@NullMarked
package io.skyline.space;

import org.jspecify.annotations.NullMarked;
