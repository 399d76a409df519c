/** Zero-cost proxies: scores of untrained networks that hint at how well they will do. */
@NullMarked
package io.skyline.worker.proxy;

import org.jspecify.annotations.NullMarked;
