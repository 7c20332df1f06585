#!/usr/bin/env python3
"""One rival in a process of its own, with the orders of `weft bench --worker`.

    worker.py ENGINE MODEL THREADS ORDER.json

ORDER.json has {"inputs": {name: file}, "outputs": [names], "write": folder}. Prints a line
{"ready": true, …} after loading and one run, whose outputs it writes; then for each line `run N` a line
{"ns": […]}. A rival that is missing, or cannot, prints {"error": why}.
"""
import json, os, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def main(engine, model, threads, order):
    reply = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries that print do not disturb the answers

    def say(**what):
        print(json.dumps(what), file=reply, flush=True)

    try:
        import numpy as np
        from engines import ENGINES
        package, make = ENGINES[engine]
        __import__(package)
        order = json.load(open(order))
        feeds = {name: np.load(path) for name, path in order["inputs"].items()}
        clock = [time.perf_counter()]

        def converted():
            clock.append(time.perf_counter())
        run = make(model, feeds, order["outputs"], int(threads), converted)
        results = run()
        seconds = time.perf_counter() - clock[-1]
        for index, result in enumerate(results):
            np.save(f"{order['write']}/{index}.npy", np.asarray(result))
    except ImportError as problem:
        return say(error=f"is missing ({problem})")
    except Exception as problem:
        return say(error=" ".join(str(problem).split())[:200] or type(problem).__name__)
    say(ready=True, load_and_first_ms=seconds * 1e3)
    for line in sys.stdin:
        words = line.split()
        if not words or words[0] == "quit":
            break
        times = []
        for _ in range(int(words[1])):
            start = time.perf_counter_ns()
            run()
            times.append(time.perf_counter_ns() - start)
        say(ns=times)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
