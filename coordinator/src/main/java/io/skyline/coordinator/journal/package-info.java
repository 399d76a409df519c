/** The event schema, its serializer and the database behind it. */
@NullMarked
package io.skyline.coordinator.journal;

import org.jspecify.annotations.NullMarked;
