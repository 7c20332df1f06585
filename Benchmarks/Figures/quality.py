"""What placement by cost is worth: the README's summary, and the page with every model."""
from drawing import number, table


def summary(result):
    """Geometric means, a row for each machine."""
    rows = [[m["world"], f"{m['greedy_over_weft']:.2f}", f"{m['device_first_over_weft']:.2f}",
             f"{m['host_only_over_weft']:.2f}", f"{m['weft_over_bound']:.2f}"] for m in result["means"]]
    return table(["machine", "greedy / Weft", "device-first / Weft", "host-only / Weft", "Weft / lower bound"], rows)


def page(result):
    """Every model on every machine."""
    parts = [
        "# Placement by cost against simpler rules",
        "Predicted milliseconds of a run, by the prices alone: `scripts/bench --only quality`. Host-only keeps to the "
        "host; device-first gives the device whatever it can run; greedy takes for every node the first provider of the "
        "list that runs it, as runtimes with preference lists do. No plan can take less than the lower bound: the "
        "greater of the critical path, with its transfers and launches, and the least load of host and device however "
        "their work is shared out. Bodies of control flow count as often as they run; parts whose shapes only a run knows have no price.",
    ]
    for world in result["worlds"]:
        rows = []
        for row in (r for r in result["rows"] if r["world"] == world["name"]):
            cells = [row.get(key) for key in ("host_only", "device_first", "greedy", "weft", "lower_bound")]
            weft, bound, greedy = row["weft"], row["lower_bound"], row["greedy"]
            ratios = [weft / bound, greedy / weft] if weft > 0 else [1, 1]
            rows.append([row["model"]] + ["-" if c is None else number(c * 1e3) for c in cells]
                        + [f"{r:.2f}" for r in ratios])
        parts.append(f"## {world['name'][0].upper()}{world['name'][1:]}")
        parts.append("\n".join(f"- {device}" for device in world["devices"]))
        parts.append(table(["model", "host-only", "device-first", "greedy", "Weft", "lower bound", "Weft / bound",
                            "greedy / Weft"], rows))
    return "\n\n".join(parts) + "\n"


def sentences(race):
    """What devices that keep simulated time showed."""
    overlap = next(o for o in race["overlaps"] if o["host"] == "computes")
    of = {r["situation"]: r for r in race["races"]}
    return (
        f"On a device that sleeps for as long as its prices say, a chain of {number(overlap['device'])} ms there beside "
        f"one of {number(overlap['host_alone'])} ms on the host takes {number(overlap['together'])} ms, predicted "
        f"{number(overlap['predicted'])}. `tune` keeps the plan for a device 20 times as fast as the host "
        f"({of['fast']['to_host_only']['median']:.2f} of the host's time); the host's own plan where the device's prices "
        f"lie ({of['lying']['to_device_first']['median']:.2f} of device-first); and a mixed plan where the device is fast "
        f"at products and slow at exponentials ({of['mixed']['to_host_only']['median']:.2f} of host-only, "
        f"{of['mixed']['to_device_first']['median']:.2f} of device-first).")
