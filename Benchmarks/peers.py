#!/usr/bin/env python3
"""Races Weft's providers, its mixed plan and other runtimes over any set of models.

    Benchmarks/peers.py .models/yolo11n .models/resnet50 --engines weft:openblas,cpu,ort,mnn --threads 1,2

A model is a file, or a folder with a model.onnx and, if there is one, a test_data_set_0 for its inputs and outputs.
Engines: weft (its default), weft:PROVIDERS, weft:PROVIDERS/preference, ort, openvino, ncnn, ncnn-vulkan, mnn; a list
of providers holds commas, so that engines are separated by spaces or semicolons. Every engine has a process of its own;
they take turns in short bursts, and ratios are medians over the turns. An engine whose outputs disagree is not timed.

The rivals' Python packages go into .venv-peers/ at first use, in the versions that Benchmarks/Models/requirements.txt
pins; started by an interpreter of a virtual environment it uses what is there. A rival that is missing is said.
"""
import argparse, json, math, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(HERE, "Models"), os.path.join(HERE, "Figures")]


def environment():
    """Goes on in the virtual environment, which it makes if there is none."""
    if sys.prefix != sys.base_prefix:
        return
    python = os.path.join(ROOT, ".venv-peers", "bin", "python")
    wanted = os.path.join(HERE, "Models", "requirements.txt")
    stamp = os.path.join(ROOT, ".venv-peers", "requirements.txt")
    if not os.path.exists(stamp) or open(stamp).read() != open(wanted).read():
        print("peers: installing the rivals into .venv-peers", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", os.path.join(ROOT, ".venv-peers")], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run(pip + ["-r", wanted]).returncode:
            # One that has no build for this machine does not keep the others away.
            for line in open(wanted):
                if line.strip() and not line.startswith("#"):
                    subprocess.run(pip + [line.strip()], stderr=subprocess.DEVNULL)
        open(stamp, "w").write(open(wanted).read())
    os.execv(python, [python, os.path.abspath(__file__)] + sys.argv[1:])


def models(paths):
    """(name, file) of each model; a folder stands for its model.onnx."""
    found = []
    for path in paths:
        file = os.path.join(path, "model.onnx") if os.path.isdir(path) else path
        if not os.path.exists(file):
            sys.exit(f"peers: there is no model at {path}")
        stem = os.path.basename(os.path.normpath(path))
        found.append((stem.removesuffix(".onnx"), file))
    return found


def cell(row):
    if "error" in row:
        return row["error"] if len(row["error"]) < 40 else row["error"][:37] + "..."
    ratio = f" ({row['ratio']:.2f}x)" if "ratio" in row else ""
    return f"{row['median_ms']:.2f}{ratio}"


def table(header, rows):
    widths = [max(len(line[c]) for line in [header] + rows) for c in range(len(header))]
    return "\n".join("  ".join(text.ljust(w) if c == 0 else text.rjust(w) for c, (text, w) in enumerate(zip(line, widths)))
                     for line in [header] + rows)


def means(rows, engines):
    """The geometric mean of each engine's ratios, by engine and threads."""
    found = {}
    for threads in sorted({r["threads"] for r in rows}):
        for engine in engines:
            ratios = [r["engines"][engine]["ratio"] for r in rows
                      if r["threads"] == threads and "ratio" in r["engines"][engine]]
            if ratios:
                found[f"{engine} x{threads}"] = math.exp(sum(map(math.log, ratios)) / len(ratios))
    return found


def options():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("models", nargs="+", help="model files or folders")
    a.add_argument("--engines", nargs="+", default=["weft:openblas,cpu", "ort", "ncnn", "mnn"])
    a.add_argument("--base", help="the engine that ratios are to (default: the first rival, else the first engine)")
    a.add_argument("--threads", default="1", help="one number or several: 1,2")
    a.add_argument("--rounds", type=int, default=7)
    a.add_argument("--burst", type=float, default=0.4, help="seconds a turn")
    a.add_argument("--timeout", type=float, default=300, help="seconds for one answer of an engine")
    a.add_argument("--weft", default=os.path.join(ROOT, ".build", "release", "weft"))
    a.add_argument("--json", metavar="FILE")
    a.add_argument("--svg", metavar="FILE", help="a plot; with several thread counts {threads} in it is the number")
    a.add_argument("--verbose", action="store_true", help="show what the engines print")
    found = a.parse_args()
    found.engines = [e for word in found.engines for e in re.split(r"[;]", word) if e]
    known = {"ort", "openvino", "ncnn", "ncnn-vulkan", "mnn"}
    for engine in found.engines:
        if engine not in known and engine.split(":")[0] != "weft":
            a.error(f"'{engine}' is no engine: weft, weft:PROVIDERS, {', '.join(sorted(known))}")
    found.base = found.base or next((e for e in found.engines if not e.startswith("weft")), found.engines[0])
    if not os.path.exists(found.weft):
        a.error(f"{found.weft} is not there: swift build -c release --product weft, or --weft FILE")
    return found


def main():
    if not {"-h", "--help"} & set(sys.argv[1:]):
        environment()
    args = options()
    import comparison, machine, race
    threads = [int(t) for t in args.threads.split(",")]
    rows = []
    for name, file in models(args.models):
        for count in threads:
            found = race.race(file, args.engines, count, args)
            rows.append({"model": name, "threads": count, "engines": found})
            print(f"{name} x{count}: " + ", ".join(f"{e} {cell(r)}" for e, r in found.items()), file=sys.stderr)
    result = {"machine": machine.describe(args.weft), "engines": args.engines, "base": args.base,
              "method": {"rounds": args.rounds, "burst_seconds": args.burst}, "rows": rows,
              "geometric_mean": means(rows, args.engines)}
    print(f"median ms of a run (ratio to {args.base})")
    print(table(["model"] + args.engines,
                [[f"{r['model']} x{r['threads']}"] + [cell(r["engines"][e]) for e in args.engines] for r in rows]))
    print("\nload and first run in ms, peak memory in MB (that of the rivals has Python and numpy in it)")

    def memory(row):
        if "error" in row:
            return "-"
        return f"{row['load_and_first_ms']:.0f} ms, {row['peak_mb'] or 0:.0f} MB"
    print(table(["model"] + args.engines,
                [[f"{r['model']} x{r['threads']}"] + [memory(r["engines"][e]) for e in args.engines] for r in rows]))
    print()
    for key, mean in result["geometric_mean"].items():
        print(f"geometric mean of the ratio to {args.base}, {key}: {mean:.3f}")
    if args.json:
        json.dump(result, open(args.json, "w"), indent=1)
    if args.svg:
        for count in threads:
            picture = comparison.plot(result, count)
            if picture:
                path = args.svg.replace("{threads}", str(count)) if len(threads) > 1 else args.svg
                open(path, "w").write(picture)
    sys.exit(0 if any("median_ms" in row for r in rows for row in r["engines"].values()) else 1)


if __name__ == "__main__":
    main()
