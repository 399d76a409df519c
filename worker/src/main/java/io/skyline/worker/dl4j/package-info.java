/** Architectures as DL4J graphs: the delivery format model.zip and the reference engine. */
@NullMarked
package io.skyline.worker.dl4j;

import org.jspecify.annotations.NullMarked;
