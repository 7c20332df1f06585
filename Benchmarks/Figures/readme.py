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


def partitioning(result):
    """What a placement takes as multiples of one cut, by the number of nodes; beside it what planning takes."""
    spaces = sorted({r["spaces"] for r in result["placement"]})
    sizes = sorted({r["nodes"] for r in result["placement"]})
    place = {(r["spaces"], r["nodes"]): r for r in result["placement"]}
    plan = {(r["spaces"], r["nodes"]): r for r in result["planning"]}
    least = min(sizes)

    def grown(rows, key, name):
        row, first = rows.get(key), rows.get((key[0], least))
        return f"{row[name] / first[name] / (key[1] / least):.1f}" if row and first else "-"

    def shares(row):
        cut = row["cut"]
        stages = " + ".join(f"{row[name] / cut:.1f}" for name in ("solve", "segmentation", "verification"))
        return f"{row['whole'] / cut:.1f} ({stages})", f"{row['twofold'] / cut:.1f}"

    text = ["Placing a priced graph, from its prices to a verified plan with segments, as multiples of one minimum cut "
            "over two memories and nothing else, in processor time. In brackets the placement, the segments and the verification; then the "
            "same with a second placement, which pays for launches too, as planning has it. Growth is time by node over "
            f"that of {least:,} nodes:"]
    header = ["nodes"] + [cell for n in spaces for cell in (f"{n} memories", "two starts", "growth")]
    rows = [[f"{size:,}"] + [cell for n in spaces for cell in (*shares(place[n, size]), grown(place, (n, size), "whole"))]
            for size in sizes if all((n, size) in place for n in spaces)]
    text.append(table(header, rows))
    text.append("The engine's whole planning of a graph, of which the table gives the shares of shapes, of asking every "
                "device about support and prices, and of placement; the rest is memory, compilation and verification. "
                "Then the growth of support and prices, and of all:")
    header = ["nodes"] + [cell for n in spaces for cell in (
        f"{n} memories: shapes, support and prices, placement", "growth")]
    rows = []
    for size in sizes:
        if any((n, size) not in plan for n in spaces):
            continue
        cells = [f"{size:,}"]
        for n in spaces:
            row = plan[n, size]
            cells.append(", ".join(f"{row[name] / row['whole']:.0%}" for name in ("shapes", "support", "placement")))
            cells.append(f"{grown(plan, (n, size), 'support')}, {grown(plan, (n, size), 'whole')}")
        rows.append(cells)
    text.append(table(header, rows))
    return text


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
        parts += partitioning(results["partitioning"])
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
