package io.skyline.image;

import org.jspecify.annotations.Nullable;

/** An image file that cannot be used; the message says why, but not which file it is. */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableImageException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
