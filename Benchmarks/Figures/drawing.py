"""Pictures of figures, written as plain SVG."""
from html import escape

INK, SOFT, FAINT, PAPER = "#1c2430", "#5b6675", "#dfe3e8", "#ffffff"
# Weft first; then hues that stay apart for those who see fewer of them.
WEFT = ["#d1495b", "#7b2d6b", "#e58f65", "#a63d40"]
RIVALS = ["#30638e", "#00798c", "#8a8d91", "#c49a2c", "#6a8d3a"]


class Drawing:
    def __init__(self, width, height):
        self.width, self.height, self.parts = width, height, []
        self.rectangle(0, 0, width, height, PAPER)

    def rectangle(self, x, y, width, height, fill, radius=0):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
                          f'rx="{radius}" fill="{fill}"/>')

    def line(self, x1, y1, x2, y2, colour=FAINT, width=1.0, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                          f'stroke-width="{width}"{dashes}/>')

    def path(self, points, colour, width=2.5):
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{width}" '
                          'stroke-linejoin="round"/>')

    def circle(self, x, y, radius, fill):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{PAPER}" '
                          'stroke-width="1.5"/>')

    def text(self, x, y, words, size=13, colour=INK, anchor="start", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
                          f'font-weight="{weight}">{escape(words)}</text>')

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" '
                'font-family="Inter, Segoe UI, Helvetica, Arial, DejaVu Sans, sans-serif">\n'
                + "\n".join(self.parts) + "\n</svg>\n")


def number(value):
    """A figure as a slide shows it: three digits at most."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(header, rows):
    """Markdown, numbers to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def colours(names):
    """A colour for each series, Weft's apart from all others."""
    own, other, found = 0, 0, {}
    for name in names:
        if name.startswith("weft"):
            found[name] = WEFT[own % len(WEFT)]
            own += 1
        else:
            found[name] = RIVALS[other % len(RIVALS)]
            other += 1
    return found


def legend(drawing, x, y, names, paint):
    for name in names:
        drawing.circle(x + 6, y - 4.5, 6, paint[name])
        drawing.text(x + 18, y, name, 13, SOFT)
        x += 18 + 7.4 * len(name) + 24
