package io.skyline.worker.pack;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.LZMAOutputStream;

/** Lossless coders of any bytes, numbered by their places; none writes a header of its own. */
enum ByteCoder {
  STORED(1) {
    @Override
    byte[] encode(byte[] content) {
      return content;
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      if (length != content.length) {
        throw new NotDecodableException(length + " bytes, not " + content.length);
      }
      System.arraycopy(from, at, content, 0, length);
    }
  },

  /** Zstandard (RFC 8878): a frame without magic number, content size and checksum. */
  ZSTD(1 << 15) {
    @Override
    byte[] encode(byte[] content) {
      try (ZstdCompressCtx context = new ZstdCompressCtx()) {
        context.setLevel(content.length > LARGE ? 9 : 19);
        context.setMagicless(true).setContentSize(false).setChecksum(false);
        return context.compress(content);
      }
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
        context.setMagicless(true);
        whole(context.decompressByteArray(content, 0, content.length, from, at, length), content);
      } catch (ZstdException e) {
        throw new NotDecodableException(String.valueOf(e.getMessage()));
      }
    }
  },

  /** LZMA without header and end marker: lc = 3, lp = 0, pb = 0. */
  LZMA(1 << 14) {
    private static final int PROPERTIES = 3;

    @Override
    byte[] encode(byte[] content) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        LZMA2Options options = new LZMA2Options(6);
        options.setDictSize(window(content.length));
        options.setLcLp(3, 0);
        options.setPb(0);
        options.setNiceLen(273);
        try (LZMAOutputStream out = new LZMAOutputStream(bytes, options, false)) {
          out.write(content);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("in memory", e);
      }
      return bytes.toByteArray();
    }

    private static int window(int length) {
      return Math.max(LZMA2Options.DICT_SIZE_MIN, length);
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      ByteArrayInputStream in = new ByteArrayInputStream(from, at, length);
      int window = window(content.length);
      try (LZMAInputStream out =
          new LZMAInputStream(in, content.length, (byte) PROPERTIES, window)) {
        whole(out.readNBytes(content, 0, content.length), content);
        if (out.read() >= 0 || in.available() > 0) {
          throw new NotDecodableException("more bytes than it needs");
        }
      } catch (IOException e) {
        throw new NotDecodableException(
            e.getMessage() == null ? "damaged" : String.valueOf(e.getMessage()));
      }
    }
  },

  /** An LZ4 block. */
  LZ4(255) {
    @Override
    byte[] encode(byte[] content) {
      return LZ4Factory.safeInstance().highCompressor().compress(content);
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      try {
        whole(
            LZ4Factory.safeInstance()
                .safeDecompressor()
                .decompress(from, at, length, content, 0, content.length),
            content);
      } catch (LZ4Exception e) {
        throw new NotDecodableException("damaged");
      }
    }
  },

  /** DEFLATE (RFC 1951), as zlib writes it, without zlib's header. */
  DEFLATE(1032) {
    @Override
    byte[] encode(byte[] content) {
      Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
      try {
        deflater.setInput(content);
        deflater.finish();
        byte[] buffer = new byte[content.length + content.length / 1000 + 64];
        int length = deflater.deflate(buffer);
        if (!deflater.finished()) {
          throw new IllegalStateException("DEFLATE grew " + content.length + " bytes too much");
        }
        return Arrays.copyOf(buffer, length);
      } finally {
        deflater.end();
      }
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(from, at, length);
        whole(inflater.inflate(content), content);
        // its last block may end behind the last byte
        if (inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
          throw new NotDecodableException("more than " + content.length + " bytes");
        }
        if (inflater.getRemaining() > 0) {
          throw new NotDecodableException("more bytes than it needs");
        }
      } catch (DataFormatException e) {
        throw new NotDecodableException("damaged");
      } finally {
        inflater.end();
      }
    }
  },

  /** {@link ByteContexts}. */
  CONTEXTS(1 << 15) {
    @Override
    byte[] encode(byte[] content) {
      return contexts(new ByteContexts(), content);
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      contexts(new ByteContexts(), from, at, length, content);
    }
  },

  /** {@link ByteContexts} that have read {@link SkeletonDictionary} before. */
  PRIMED_CONTEXTS(1 << 15) {
    @Override
    byte[] encode(byte[] content) {
      return contexts(SkeletonDictionary.contexts(), content);
    }

    @Override
    void decode(byte[] from, int at, int length, byte[] content) throws NotDecodableException {
      contexts(SkeletonDictionary.contexts(), from, at, length, content);
    }
  };

  /** Nothing larger is coded with all effort. */
  static final int LARGE = 4 << 20;

  /** What filling the contexts' tables costs, in decisions. */
  private static final long SETUP = 1 << 14;

  private final int largestRatio;

  ByteCoder(int largestRatio) {
    this.largestRatio = largestRatio;
  }

  /** What a coder cannot read. */
  static final class NotDecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotDecodableException(String reason) {
      super(reason);
    }
  }

  /** The bytes, coded; the same bytes every time. */
  abstract byte[] encode(byte[] content);

  /** Fills {@code content} from coded bytes, of which all must be needed. */
  abstract void decode(byte[] from, int at, int length, byte[] content)
      throws NotDecodableException;

  /** Whether so few bytes can be so many, decoded: what to ask before memory is taken. */
  boolean isPlausible(int coded, int decoded) {
    return decoded <= (coded + 8L) * largestRatio;
  }

  /** Binary decisions that so many bytes take, as {@link ContextBudget} counts them. */
  long decisions(int length) {
    return this == CONTEXTS || this == PRIMED_CONTEXTS ? SETUP + 8L * length : 0;
  }

  private static byte[] contexts(ByteContexts contexts, byte[] content) {
    RangeEncoder coder = new RangeEncoder();
    contexts.code(content.clone(), coder);
    return coder.finish();
  }

  private static void contexts(
      ByteContexts contexts, byte[] from, int at, int length, byte[] content)
      throws NotDecodableException {
    RangeDecoder coder = new RangeDecoder(from, at, length);
    contexts.code(content, coder);
    if (!coder.isAtEnd()) {
      throw new NotDecodableException("more bytes than it needs");
    }
  }

  private static void whole(int found, byte[] content) throws NotDecodableException {
    if (found != content.length) {
      throw new NotDecodableException("holds " + found + " of " + content.length + " bytes");
    }
  }
}
