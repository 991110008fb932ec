package dev.millrace.faults;

import java.util.List;
import java.util.Locale;

/** A soak as one SVG picture: a panel a figure, minutes to the right, each from zero. */
final class SoakPlot {

  private static final int WIDTH = 640;
  private static final int PANEL = 110;
  private static final int MARGIN = 50;

  private SoakPlot() {}

  static String svg(List<Minute> soak) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n"
            .formatted(WIDTH, Trend.values().length * PANEL + 20));
    for (Trend trend : Trend.values()) {
      panel(svg, trend, soak, trend.ordinal() * PANEL + 20);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void panel(StringBuilder svg, Trend trend, List<Minute> soak, int top) {
    double most = soak.stream().mapToDouble(trend::of).max().orElse(0);
    int height = PANEL - 30;
    double across = (WIDTH - 2.0 * MARGIN) / Math.max(1, soak.size() - 1);
    svg.append(
        "<text x=\"%d\" y=\"%d\">%s, up to %,.1f</text>\n"
            .formatted(MARGIN, top - 4, trend.word(), most));
    svg.append(
        "<path d=\"M%d %d v%d h%d\" fill=\"none\" stroke=\"#999\"/>\n"
            .formatted(MARGIN, top, height, WIDTH - 2 * MARGIN));
    svg.append("<polyline fill=\"none\" stroke=\"#1668b0\" points=\"");
    for (int i = 0; i < soak.size(); i++) {
      double share = most == 0 ? 0 : trend.of(soak.get(i)) / most;
      svg.append(
          String.format(
              Locale.ROOT, "%.1f,%.1f ", MARGIN + i * across, top + height * (1 - share)));
    }
    svg.append("\"/>\n");
  }
}
