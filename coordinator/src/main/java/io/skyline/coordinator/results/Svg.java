package io.skyline.coordinator.results;

import io.skyline.coordinator.results.Drawing.Dot;
import io.skyline.coordinator.results.Drawing.Line;
import io.skyline.coordinator.results.Drawing.Mark;
import io.skyline.coordinator.results.Drawing.Text;
import java.util.Locale;

/** Writes a drawing as an SVG element that stands in an HTML page. */
final class Svg {
  private Svg() {}

  static String of(Drawing drawing) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " font-family=\"system-ui, sans-serif\">\n",
            drawing.width(), drawing.height(), drawing.width()));
    for (Mark mark : drawing.marks()) {
      svg.append(element(mark)).append('\n');
    }
    return svg.append("</svg>\n").toString();
  }

  private static String element(Mark mark) {
    if (mark instanceof Line line) {
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < line.points().length; i += 2) {
        points.append(
            format(i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", line.points()[i], line.points()[i + 1]));
      }
      return format(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"%.1f\"/>",
          points, line.ink().rgb(), line.thickness());
    } else if (mark instanceof Dot dot) {
      return format(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%06x\"><title>%s</title></circle>",
          dot.x(), dot.y(), dot.radius(), dot.ink().rgb(), Html.escaped(dot.note()));
    }
    Text text = (Text) mark;
    String turn =
        text.turned() ? format(" transform=\"rotate(-90 %.1f %.1f)\"", text.x(), text.y()) : "";
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"#444444\"%s>%s</text>",
        text.x(),
        text.y(),
        text.size(),
        text.anchor().name().toLowerCase(Locale.ROOT),
        turn,
        Html.escaped(text.text()));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
