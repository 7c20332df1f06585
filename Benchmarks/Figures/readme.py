"""The README's section of figures, written from the results."""
import math
import textwrap

import quality
from drawing import number, table

BEGIN, END = "<!-- figures: written by scripts/bench -->\n", "<!-- end of figures -->"


def mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def models(result):
    """Time, ratio, load and memory of Weft's first engine, a row for each model."""
    own, base = result["engines"][0], result["base"]
    threads = sorted({r["threads"] for r in result["rows"]})
    header = ["model"] + [f"{n} thread{'s' if n > 1 else ''}: ms (times {base})" for n in threads] + [
        "load and first run: ms (" + base + ")"]
    rows = []
    for name in dict.fromkeys(r["model"] for r in result["rows"]):
        of = {r["threads"]: r["engines"] for r in result["rows"] if r["model"] == name}
        cells = [name]
        for count in threads:
            row = of.get(count, {}).get(own, {})
            cells.append(f"{number(row['median_ms'])} ({row['ratio']:.2f})" if "ratio" in row else row.get("error", "-"))
        first, rival = of[threads[0]].get(own, {}), of[threads[0]].get(base, {})
        cells.append(f"{first['load_and_first_ms']:.0f} ({rival['load_and_first_ms']:.0f})"
                     if "ratio" in first and "ratio" in rival else "-")
        rows.append(cells)
    means = [result["geometric_mean"].get(f"{own} x{n}") for n in threads]
    rows.append(["geometric mean"] + [f"{m:.2f}" if m else "-" for m in means] + [""])
    return table(header, rows)


def section(results):
    """The text between the marks, the marks left out."""
    parts = []
    if "models" in results:
        found = results["models"]
        m = found["machine"]
        parts.append(
            f"On {m['cores']} cores of {m['processor']} ({m['instructions']}), {m['system']}, {m['date']}; every engine "
            "in a process of its own, in turns of short bursts, outputs checked. The machine was shared: compare ratios, "
            "not milliseconds.")
        for count in sorted({r["threads"] for r in found["rows"]}):
            threads = f"{count} thread{'s' if count > 1 else ''}"
            parts.append(f"![Weft and its rivals, {threads}](Benchmarks/results/models-{count}.svg)")
        parts.append(models(found))
    if "providers" in results:
        parts.append("The providers and the mixed plan side by side; Vulkan is a software device here, which runs on the "
                     "same cores:")
        count = results["providers"]["rows"][0]["threads"]
        parts.append(f"![Providers side by side](Benchmarks/results/providers-{count}.svg)")
    if "vulkan" in results:
        found = results["vulkan"]
        count = found["rows"][0]["threads"]
        ratio = found["geometric_mean"].get(f"{found['engines'][0]} x{count}")
        said = f" ({ratio:.2f} of its time in the geometric mean)" if ratio else ""
        parts.append(f"Vulkan against ncnn's Vulkan on the same device{said}:")
        parts.append(f"![Vulkan against ncnn](Benchmarks/results/vulkan-{count}.svg)")
    if "kernels" in results:
        from kernels import fastest
        best = [rows[0]["share_of_peak"] for rows in fastest(results["kernels"])]
        parts.append(f"Kernels one by one; the geometric mean over {len(best)} products and convolutions is "
                     f"{mean(best):.0%} of the core's measured peak, by the operations of the direct method, some of which Winograd "
                     "saves:")
        parts.append("![Kernels against the core's peak](Benchmarks/results/kernels.svg)")
    if "partitioning" in results:
        rows = results["partitioning"]["placement"]
        row = max((r for r in rows if r["spaces"] == 2), key=lambda r: r["nodes"])
        parts.append(f"Placing {row['nodes']:,} nodes on two memories, from prices to a verified plan, takes "
                     f"{number(row['whole'])} ms; one minimum cut alone takes {number(row['cut'])} ms:")
        parts.append("![The partitioner's time](Benchmarks/results/partitioning.svg)")
    if "quality" in results:
        placed = results["quality"]["means"][0]["models"]
        parts.append(
            "Placement by cost against simpler rules, predicted by the prices: geometric means over "
            f"{placed} models on this machine and on two with simulated GPUs, one discrete (50 times the host, 12 GB/s "
            "away) and one integrated (5 times the host, memory shared). [Every model](Benchmarks/results/quality.md).")
        parts.append(quality.summary(results["quality"]))
    if "race" in results:
        parts.append(quality.sentences(results["race"]))
    parts = [p if p[0] in "|!" else textwrap.fill(p, 120) for p in parts]
    return "\n" + "\n\n".join(parts) + "\n\n"


def rewritten(page, results):
    """The page with its section of figures written anew."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError("README.md has no marks for the figures")
    return head + begin + section(results) + end + tail
