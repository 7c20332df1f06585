"""The plot of the kernels: what each case reaches of the core's multiply-adds, its fastest variant on top."""
import machine as machines
from drawing import INK, RIVALS, SOFT, WEFT, Drawing, number

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 1080, 300, 150, 126, 26, 70
SHOWN = 3.2


def fastest(result):
    """For each case that counts operations, its variants, the fastest first."""
    cases = {}
    for row in result["kernels"]:
        if row["gigaflops"] > 0:
            cases.setdefault(row["name"], []).append(row)
    return [sorted(rows, key=lambda r: r["best_microseconds"]) for rows in cases.values()]


def plot(result, machine):
    """Bars of the fastest variant, a tick for OpenBLAS's where it is another."""
    cases = fastest(result)
    if not cases:
        return None
    drawing = Drawing(WIDTH, TOP + ROW * len(cases) + BOTTOM)
    drawing.text(36, 44, "Kernels against the core's peak", 24, INK, weight="bold")
    peak = f"{result['peak']['gigaflops']:.0f} GFLOP/s"
    drawing.text(36, 70, f"operations of the direct method a second, over the {peak} measured in registers "
                 f"({result['peak']['instructions']}); one thread", 14, SOFT)
    drawing.rectangle(36, 90, 14, 14, WEFT[0])
    drawing.text(56, 102, "the fastest variant of cpu", 13, SOFT)
    drawing.rectangle(246, 90, 14, 14, RIVALS[0])
    drawing.text(266, 102, "openblas, where it is the fastest", 13, SOFT)
    drawing.rectangle(500, 88, 3, 18, INK)
    drawing.text(512, 102, "the other one's", 13, SOFT)
    most = min(SHOWN, max(rows[0]["share_of_peak"] for rows in cases) * 1.05)
    bottom = TOP + ROW * len(cases)

    def x(share):
        return LEFT + min(share, most) / most * (WIDTH - LEFT - RIGHT)

    for step in (0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3):
        if step <= most:
            drawing.line(x(step), TOP - 4, x(step), bottom, SOFT if step == 1 else "#dfe3e8", 1.6 if step == 1 else 1)
            drawing.text(x(step), bottom + 18, f"{step:.0%}", 12, SOFT, "middle")
    for index, rows in enumerate(cases):
        y = TOP + ROW * index
        best = rows[0]
        drawing.text(LEFT - 14, y + 17, best["name"], 13, INK, "end")
        colour = RIVALS[0] if best["provider"] == "openblas" else WEFT[0]
        drawing.rectangle(LEFT, y + 5, x(best["share_of_peak"]) - LEFT, ROW - 10, colour, 2)
        other = next((r for r in rows if r["provider"] != best["provider"]), None)
        if other:
            drawing.rectangle(x(other["share_of_peak"]) - 1.5, y + 3, 3, ROW - 6, INK)
        drawing.text(WIDTH - 36, y + 17, f"{best['variant']}, {number(best['gigaflops'])}", 13, SOFT, "end")
    drawing.text(36, bottom + 48, f"{machines.sentence(machine)}; {machine['date']}", 12, SOFT)
    return drawing.svg()
