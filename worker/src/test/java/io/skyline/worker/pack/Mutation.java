package io.skyline.worker.pack;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways in which files are damaged, or made to look as if. */
enum Mutation {
  FLIP {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      byte[] mutant = file.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return mutant;
    }
  },
  OVERWRITE {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      byte[] mutant = file.clone();
      int at = random.nextInt(mutant.length);
      for (int i = at; i < Math.min(mutant.length, at + 1 + random.nextInt(8)); i++) {
        mutant[i] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
      }
      return mutant;
    }
  },
  CUT {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      return Arrays.copyOf(
          file,
          PackedFile.CONTENT_AT + 1 + random.nextInt(file.length - PackedFile.CONTENT_AT - 1));
    }
  },
  INSERT {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      byte[] noise = new byte[1 + random.nextInt(8)];
      random.nextBytes(noise);
      int at = random.nextInt(file.length + 1);
      return joined(Arrays.copyOf(file, at), noise, Arrays.copyOfRange(file, at, file.length));
    }
  },
  REMOVE {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      int at = random.nextInt(file.length);
      int to = Math.min(file.length, at + 1 + random.nextInt(8));
      return joined(Arrays.copyOf(file, at), Arrays.copyOfRange(file, to, file.length));
    }
  },
  SPLICE {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      return joined(
          Arrays.copyOf(file, random.nextInt(file.length)),
          Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
    }
  },
  /** Extreme numbers where the content begins: the model's length, the skeleton's, its coder. */
  HEADER {
    @Override
    byte[] of(byte[] file, byte[] other, SplittableRandom random) {
      PackedWriter header = new PackedWriter();
      long model = LENGTHS[random.nextInt(LENGTHS.length)] + random.nextInt(3) - 1;
      long skeleton = LENGTHS[random.nextInt(LENGTHS.length)] + random.nextInt(3) - 1;
      number(header, model);
      number(header, random.nextBoolean() ? model : skeleton);
      header.unsignedByte(random.nextInt(8));
      number(
          header,
          random.nextBoolean() ? random.nextInt(4000) : LENGTHS[random.nextInt(LENGTHS.length)]);
      int from = PackedFile.CONTENT_AT + random.nextInt(10);
      return joined(
          Arrays.copyOf(file, PackedFile.CONTENT_AT),
          header.toByteArray(),
          Arrays.copyOfRange(file, Math.min(from, file.length), file.length));
    }
  };

  private static final int[] EXTREMES = {0, 1, 2, 3, 4, 5, 6, 7, 0x0f, 0x7f, 0x80, 0xff};
  private static final long[] LENGTHS = {
    0, 1, 127, 4000, 1 << 16, 1 << 20, 1 << 27, PackedModel.LARGEST_MODEL, Integer.MAX_VALUE, -1
  };

  /** Seven bits a byte, up to the ten bytes of a negative number. */
  private static void number(PackedWriter out, long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.unsignedByte((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.unsignedByte((int) rest);
  }

  abstract byte[] of(byte[] file, byte[] other, SplittableRandom random);

  private static byte[] joined(byte[]... parts) {
    PackedWriter joined = new PackedWriter();
    for (byte[] part : parts) {
      joined.all(part);
    }
    return joined.toByteArray();
  }
}
