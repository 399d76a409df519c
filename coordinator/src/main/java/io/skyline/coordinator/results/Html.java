package io.skyline.coordinator.results;

/** Text that may stand anywhere in HTML and SVG, attributes in double quotes included. */
final class Html {
  private Html() {}

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
