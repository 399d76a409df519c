package io.skyline.worker.pack;

/** How one tensor is written, numbered by their places. */
enum TensorCoding {
  /** Among all small tensors of elements as large. */
  POOLED("pooled"),

  /** As it is: {@link RawCoding}. */
  RAW("raw") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      RawCoding.read(in, elements, what(hole));
    }
  },

  /** A {@link Codebook} and a symbol for each element: {@link SymbolStream}. */
  CODEBOOK("codebook") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      Codebook codebook = Codebook.read(in, elements.size(), elements.count());
      put(codebook, SymbolStream.read(in, elements.count(), codebook.size(), what(hole)), elements);
    }
  },

  /** A {@link Codebook}, and {@link SparseCoding}'s gaps and symbols. */
  SPARSE("sparse codebook") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      Codebook codebook = Codebook.read(in, elements.size(), elements.count());
      int[] places = SparseCoding.readPlaces(in, elements.count());
      char[] symbols = SymbolStream.read(in, places.length, codebook.size(), what(hole));
      for (int i = 0; i < elements.count(); i++) {
        elements.put(i, codebook.value(0));
      }
      for (int i = 0; i < places.length; i++) {
        elements.put(places[i], codebook.value(symbols[i]));
      }
    }
  },

  /** {@link SparseCoding}'s gaps, and the elements that are not 0 as they are. */
  SPARSE_RAW("sparse") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      int[] places = SparseCoding.readPlaces(in, elements.count());
      int size = elements.size();
      Elements kept = new Elements(new byte[places.length * size], 0, places.length, size);
      RawCoding.read(in, kept, what(hole));
      for (int i = 0; i < places.length; i++) {
        elements.put(places[i], kept.get(i));
      }
    }
  },

  /** A {@link Codebook} and symbols coded by what is around them: {@link SymbolContexts}. */
  CONTEXTS("contexts") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      Codebook codebook = Codebook.read(in, elements.size(), elements.count());
      if (codebook.size() < 2) {
        throw in.bad(what(hole) + ": contexts of a single value");
      }
      in.spend(SymbolContexts.decisions(elements.count(), codebook.size()));
      int length = in.number(0, in.remaining(), "bytes of " + what(hole));
      RangeDecoder coder = new RangeDecoder(in.bytes(), in.skip(length, what(hole)), length);
      char[] symbols = new char[elements.count()];
      SymbolContexts.code(symbols, codebook.size(), hole.row(), hole.window(), coder);
      if (!coder.isAtEnd()) {
        throw in.bad(what(hole) + ": more bytes than it needs");
      }
      put(codebook, symbols, elements);
    }
  },

  /** {@link HashedCoding}'s values, which a hash deals out to a kernel's frequencies. */
  HASHED("hashed") {
    @Override
    void read(PackedReader in, Hole hole, Elements elements) {
      HashedCoding.read(in, hole, elements, what(hole));
    }
  };

  private static final int MOST_SHOWN = 80;

  private final String word;

  TensorCoding(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Reads one tensor's bytes into elements that are zeros still. */
  void read(PackedReader in, Hole hole, Elements elements) {
    throw new IllegalStateException(this + " tensors are read together");
  }

  /** For people: a name may be of any length and hold anything. */
  private static String what(Hole hole) {
    String name = hole.name();
    String shown = name.length() <= MOST_SHOWN ? name : name.substring(0, MOST_SHOWN) + "...";
    return "tensor '" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  private static void put(Codebook codebook, char[] symbols, Elements elements) {
    for (int i = 0; i < symbols.length; i++) {
      elements.put(i, codebook.value(symbols[i]));
    }
  }
}
