package io.skyline.coordinator.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A stored file's bytes, whose end is reached only if they hash to its digest. */
final class VerifiedStream extends FilterInputStream {
  private final ArtifactStore store;
  private final String digest;
  private final MessageDigest hash = Fingerprint.sha256();
  private boolean verified;

  VerifiedStream(InputStream file, ArtifactStore store, String digest) {
    super(file);
    this.store = store;
    this.digest = digest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      hash.update(buffer, offset, n);
    } else if (n < 0 && !verified) {
      if (!HexFormat.of().formatHex(hash.digest()).equals(digest)) {
        throw store.setAside(digest);
      }
      verified = true;
    }
    return n;
  }

  /** Skipped bytes are read, because they belong to the digest. */
  @Override
  public long skip(long n) throws IOException {
    int read = read(new byte[(int) Math.min(Math.max(n, 0), 1 << 16)]);
    return Math.max(read, 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
