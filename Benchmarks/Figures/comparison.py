"""The plot of a comparison: a row for each model, a dot for each engine, to the left is faster."""
import math

import machine as machines
from drawing import FAINT, INK, SOFT, Drawing, colours, legend, number

ROW, LEFT, RIGHT, TOP, BOTTOM, WIDTH = 30, 190, 150, 130, 74, 1080
STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.5, 2, 3, 4, 5, 7, 10, 20, 50, 100, 200, 500)


def ticks(low, high):
    """Round ratios in a range, one always among them; few enough to be read."""
    inside = [s for s in STEPS if low <= s <= high]
    while len(inside) > 9:
        inside = [s for k, s in enumerate(inside) if k % 2 == 0 or s == 1]
    return inside


def plot(result, threads, title=None):
    """A plain SVG of the rows measured with `threads` threads."""
    rows = [r for r in result["rows"] if r["threads"] == threads]
    base = result["base"]
    engines = [e for e in result["engines"] if any("ratio" in r["engines"].get(e, {}) for r in rows)]
    paint = colours(engines)
    # A mean over fewer models than the others' would be no fair one.
    means = {e: result["geometric_mean"].get(f"{e} x{threads}") for e in engines
             if all("ratio" in r["engines"][e] for r in rows)}
    ratios = [r["engines"][e]["ratio"] for r in rows for e in engines if "ratio" in r["engines"].get(e, {})]
    if not ratios:
        return None
    low, high = min(min(ratios) * .92, .9), max(max(ratios) * 1.08, 1.1)
    lines = len(rows) + 1
    drawing = Drawing(WIDTH, TOP + ROW * lines + BOTTOM)

    def x(ratio):
        share = (math.log(ratio) - math.log(low)) / (math.log(high) - math.log(low))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    word = "thread" if threads == 1 else "threads"
    drawing.text(36, 44, title or f"Time of a run, relative to {base}", 24, INK, weight="bold")
    drawing.text(36, 70, f"{threads} {word}; further left is faster; the scale is logarithmic", 14, SOFT)
    legend(drawing, 36, 100, engines, paint)
    bottom = TOP + ROW * lines
    for step in ticks(low, high):
        drawing.line(x(step), TOP - 8, x(step), bottom, SOFT if step == 1 else FAINT, 1.6 if step == 1 else 1)
        drawing.text(x(step), bottom + 20, f"{step:g}x", 12, SOFT, "middle")
    own = next((e for e in engines if e.startswith("weft")), None)
    drawing.text(WIDTH - 36, TOP - 14, own or "", 12, SOFT, "end")

    def row(index, name, values, note, weight="normal"):
        y = TOP + ROW * index + ROW / 2
        if index % 2 == 0:
            drawing.parts.insert(1, f'<rect x="24" y="{y - ROW / 2:.1f}" width="{WIDTH - 48}" height="{ROW}" '
                                    'fill="#f6f7f9"/>')
        drawing.text(LEFT - 16, y + 4.5, name, 14, INK, "end", weight)
        if own in values:
            drawing.line(x(1), y, x(values[own]), y, paint[own], 3)
        for engine in [e for e in engines if e != own] + [own]:
            if engine in values:
                drawing.circle(x(values[engine]), y, 7.5 if engine == own else 6, paint[engine])
        drawing.text(WIDTH - 36, y + 4.5, note, 14, INK, "end", weight)

    row(0, "geometric mean", {e: m for e, m in means.items() if m},
        f"{number(means[own])}x" if own and means.get(own) else "", "bold")
    for index, entry in enumerate(rows):
        found = entry["engines"]
        values = {e: found[e]["ratio"] for e in engines if "ratio" in found.get(e, {})}
        note = f"{number(found[own]['median_ms'])} ms, {number(values[own])}x" if own in values else ""
        row(index + 1, entry["model"], values, note)
    drawing.text(36, bottom + 50, f"{machines.sentence(result['machine'])}; {result['machine']['date']}", 12, SOFT)
    return drawing.svg()
