package io.skyline.coordinator.results;

import io.skyline.coordinator.results.Drawing.Dot;
import io.skyline.coordinator.results.Drawing.Line;
import io.skyline.coordinator.results.Drawing.Mark;
import io.skyline.coordinator.results.Drawing.Text;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Paints a drawing as a PNG of twice its size, without a display. */
final class Png {
  private static final int SCALE = 2;

  private Png() {}

  static byte[] of(Drawing drawing) {
    BufferedImage image =
        new BufferedImage(
            drawing.width() * SCALE, drawing.height() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.scale(SCALE, SCALE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      drawing.marks().forEach(mark -> paint(graphics, mark));
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void paint(Graphics2D graphics, Mark mark) {
    if (mark instanceof Line line) {
      Path2D path = new Path2D.Double();
      path.moveTo(line.points()[0], line.points()[1]);
      for (int i = 2; i < line.points().length; i += 2) {
        path.lineTo(line.points()[i], line.points()[i + 1]);
      }
      graphics.setColor(new Color(line.ink().rgb()));
      graphics.setStroke(new BasicStroke((float) line.thickness()));
      graphics.draw(path);
    } else if (mark instanceof Dot dot) {
      double r = dot.radius();
      graphics.setColor(new Color(dot.ink().rgb()));
      graphics.fill(new Ellipse2D.Double(dot.x() - r, dot.y() - r, 2 * r, 2 * r));
    } else {
      write(graphics, (Text) mark);
    }
  }

  private static void write(Graphics2D graphics, Text text) {
    graphics.setColor(new Color(Drawing.Ink.AXIS.rgb()));
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, text.size()));
    double width = graphics.getFontMetrics().stringWidth(text.text());
    double shift =
        switch (text.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    AffineTransform before = graphics.getTransform();
    graphics.translate(text.x(), text.y());
    if (text.turned()) {
      graphics.rotate(-Math.PI / 2);
    }
    graphics.drawString(text.text(), (float) shift, 0f);
    graphics.setTransform(before);
  }
}
