package io.skyline.worker.trial;

import com.google.protobuf.MessageLite;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Messages over a socket, each behind its length in four bytes; one reader and any number of
 * writers.
 *
 * <p>Written on the channel itself: the streams of {@link java.nio.channels.Channels} share one
 * lock between reading and writing on Java 17, so a waiting reader would block every writer.
 */
final class Frames implements Closeable {
  /** No task comes near this: a space of 1 MiB is the largest thing sent. */
  private static final int LIMIT = 16 << 20;

  private final SocketChannel channel;
  private final Object writing = new Object();

  Frames(SocketChannel channel) {
    this.channel = channel;
  }

  void write(MessageLite message) throws IOException {
    byte[] content = message.toByteArray();
    if (content.length > LIMIT) {
      throw new IOException("a message of " + content.length + " bytes, more than " + LIMIT);
    }
    ByteBuffer frame = ByteBuffer.allocate(4 + content.length).putInt(content.length);
    frame.put(content).flip();
    synchronized (writing) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }

  /**
   * The bytes of the next message.
   *
   * @throws EOFException if the other side is gone
   */
  byte[] read() throws IOException {
    int length = fill(ByteBuffer.allocate(4)).getInt();
    if (length < 0 || length > LIMIT) {
      throw new IOException("a message of " + length + " bytes was announced");
    }
    return fill(ByteBuffer.allocate(length)).array();
  }

  private ByteBuffer fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other process has closed the connection");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
