"""The plot of the partitioner: time over the number of nodes, both logarithmic."""
import math

import machine as machines
from drawing import FAINT, INK, RIVALS, SOFT, WEFT, Drawing, number

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1080, 520, 90, 270, 110, 90


def plot(result, machine):
    """Lines for the bare cut and the whole placement, for each number of memory spaces."""
    rows = result["placement"]
    series = []
    for index, spaces in enumerate(sorted({r["spaces"] for r in rows})):
        of = sorted((r for r in rows if r["spaces"] == spaces), key=lambda r: r["nodes"])
        if index == 0:
            series.append(("one cut", RIVALS[0], [(r["nodes"], r["cut"]) for r in of]))
        series.append((f"whole, {spaces} memories", WEFT[index % len(WEFT)], [(r["nodes"], r["whole"]) for r in of]))
    points = [p for _, _, line in series for p in line]
    if len({n for n, _ in points}) < 2:
        return None
    (least, most), times = (min(n for n, _ in points), max(n for n, _ in points)), [t for _, t in points]
    low, high = 10 ** math.floor(math.log10(min(times))), 10 ** math.ceil(math.log10(max(times)))
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.text(36, 44, "From a priced graph to a verified placement", 24, INK, weight="bold")
    drawing.text(36, 70, "milliseconds by the number of nodes; both scales are logarithmic", 14, SOFT)

    def x(nodes):
        return LEFT + (math.log(nodes / least) / math.log(most / least)) * (WIDTH - LEFT - RIGHT)

    def y(time):
        return HEIGHT - BOTTOM - math.log(time / low) / math.log(high / low) * (HEIGHT - TOP - BOTTOM)

    step = low
    while step <= high * 1.01:
        drawing.line(LEFT, y(step), WIDTH - RIGHT, y(step))
        drawing.text(LEFT - 10, y(step) + 4, f"{step:g} ms", 12, SOFT, "end")
        step *= 10
    for nodes in sorted({n for n, _ in points}):
        drawing.line(x(nodes), TOP, x(nodes), HEIGHT - BOTTOM, FAINT)
        drawing.text(x(nodes), HEIGHT - BOTTOM + 20, f"{nodes:,}", 12, SOFT, "middle")
    taken = []
    for name, colour, line in series:
        drawing.path([(x(n), y(t)) for n, t in line], colour)
        for nodes, time in line:
            drawing.circle(x(nodes), y(time), 5, colour)
        nodes, time = line[-1]
        place = y(time) + 4
        while any(abs(place - other) < 18 for other in taken):
            place -= 18
        taken.append(place)
        drawing.text(x(nodes) + 14, place, f"{name}: {number(time)} ms", 14, colour, weight="bold")
    drawing.text(36, HEIGHT - 28, f"{machines.sentence(machine)}; {machine['date']}", 12, SOFT)
    return drawing.svg()
