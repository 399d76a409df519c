package io.skyline.worker.export;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small networks around one layer each, on maps and on flat vectors. */
final class ChannelLayers {
  private static final Layer SELECT = new Select(List.of(11, 3, 3, 0, 7, 11, 1, 2, 10));

  private ChannelLayers() {}

  static Map<String, Architecture> all() {
    Map<String, Architecture> all = new LinkedHashMap<>();
    for (Layer layer :
        new Layer[] {
          new Shuffle(3),
          new Slice(2, 7),
          SELECT,
          new Dropout(0.5),
          Convolution.grouped(18, 3, 2, 3),
          Convolution.dilated(8, 3, 2),
          new Convolution(8, 3, 2, 3, 3, 1, true),
          new Convolution(12, 3, 1, 2, 2, 12, false),
          new Activation(Function.SIGMOID),
          new Activation(Function.HARD_SIGMOID),
          new Activation(Function.HARD_SWISH)
        }) {
      all.put(layer + " after a convolution", chain(layer));
      all.put(layer + " after a sum of pixels", pooled(layer));
    }
    for (Layer layer : new Layer[] {new Shuffle(3), new Slice(2, 7), SELECT, new Dropout(0.5)}) {
      SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
      net.then(Convolution.same(12, 3, 1));
      net.then(new GlobalAveragePool());
      net.then(layer);
      net.then(new Dense(5, true));
      all.put(layer + " of a flat vector", net.architecture());
    }
    all.put("flat concatenation and gate", flats());
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      all.put("gate by the " + kind + " of channels", gated(kind));
    }
    all.put("a glimpse of maps", ofMaps(new Glimpse(3, 4)));
    all.put("a glimpse of all rows", ofMaps(new Glimpse(7, 2)));
    all.put("a glimpse by a dense layer", byDense());
    return all;
  }

  private static Architecture chain(Layer layer) {
    SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
    net.then(Convolution.same(12, 3, 1));
    net.then(layer);
    net.then(Convolution.pointwise(8));
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }

  private static Architecture pooled(Layer layer) {
    SampleNetworks net = new SampleNetworks(new Shape(3, 9, 10));
    net.then(Convolution.same(12, 3, 1));
    net.then(new Pooling(Pooling.Kind.AVERAGE, 2, 2, 0));
    net.then(layer);
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }

  private static Architecture flats() {
    SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
    net.then(Convolution.same(12, 3, 1));
    String mean = net.then(new GlobalAveragePool());
    String dense = net.then(new Dense(12, true));
    String gated = net.from(new Multiply(), mean, dense);
    net.from(new Concat(), gated, dense, mean);
    net.then(new Dense(5, true));
    return net.architecture();
  }

  private static Architecture gated(Pooling.Kind kind) {
    SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
    String maps = net.then(Convolution.same(12, 3, 1));
    String gate = net.then(new ChannelPooling(kind));
    net.from(new Multiply(), maps, gate);
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }

  private static Architecture ofMaps(Glimpse glimpse) {
    SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
    String maps = net.then(Convolution.same(12, 3, 1));
    net.then(Convolution.same(1, 3, 1));
    String place = net.then(new SoftArgmax(3));
    net.from(glimpse, maps, place);
    net.then(Convolution.same(8, 3, 1));
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }

  private static Architecture byDense() {
    SampleNetworks net = new SampleNetworks(new Shape(3, 7, 6));
    net.then(new GlobalAveragePool());
    net.then(new Dense(2, true));
    String place = net.then(new Activation(Function.SIGMOID));
    net.from(new Glimpse(5, 5), Architecture.INPUT, place);
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }
}
