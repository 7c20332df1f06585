"""Engines in processes of their own that take turns in short bursts over one model."""
import json, os, shutil, signal, statistics, subprocess, sys, tempfile, threading

import numpy as np

import inputs

HERE = os.path.dirname(os.path.abspath(__file__))


class Racer:
    """A process that has the model loaded and times runs when told to."""

    def __init__(self, engine, model, threads, prepared, options):
        self.engine, self.error, self.bursts, self.times, self.peak = engine, None, [], [], None
        self.timeout, self.process = options.timeout, None
        files, expected, names = prepared
        self.wanted = [expected[name] for name in names if name in expected]
        self.folder = tempfile.mkdtemp(prefix="weft-peers-")
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
        if engine.startswith("weft"):
            arguments = ["--threads", str(threads)]
            if ":" in engine:
                providers, _, placement = engine.split(":", 1)[1].partition("/")
                arguments += ["--provider", providers] + (["--placement", placement] if placement else [])
            for name, path in files.items():
                arguments += ["--input", f"{name}={path}"]
            command = [options.weft, "bench", model, "--worker"] + arguments
            self.outputs = self.weft_outputs([options.weft, "run", model, "--json", "--output-dir", self.folder]
                                             + arguments, names, environment)
        else:
            order = f"{self.folder}/order.json"
            json.dump({"inputs": files, "outputs": names, "write": self.folder}, open(order, "w"))
            command = [sys.executable, f"{HERE}/worker.py", engine, model, str(threads), order]
        if self.error:
            return
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=None if options.verbose else subprocess.DEVNULL, text=True, env=environment,
                process_group=0)
        except OSError as problem:
            self.error = f"does not start: {problem.strerror} ({command[0]})"
            return
        self.ready = self.answer() or {}
        if not engine.startswith("weft") and not self.error:
            self.outputs = [np.load(f"{self.folder}/{i}.npy") for i in range(len(names))
                            if os.path.exists(f"{self.folder}/{i}.npy")]

    def weft_outputs(self, command, names, environment):
        try:
            done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=self.timeout)
        except (OSError, subprocess.TimeoutExpired) as problem:
            self.error = f"does not run: {problem}"
            return []
        if done.returncode:
            self.error = done.stderr.strip().splitlines()[0] if done.stderr.strip() else f"exit {done.returncode}"
            return []
        written = json.loads(done.stdout)["outputs"]
        return [np.load(written[name]["file"]) for name in names]

    def check(self, reference):
        """Compares with the test data's outputs, else with `reference`; an engine that disagrees is out."""
        if self.error:
            return
        wanted = self.wanted or reference
        if not wanted:
            return
        self.difference, self.error = inputs.difference(self.outputs, wanted)

    def answer(self):
        """The process's next line of JSON; None, and the reason in `error`, where none comes."""
        watch = threading.Timer(self.timeout, self.kill)
        watch.start()
        try:
            line = self.process.stdout.readline()
            while line and not line.startswith("{"):
                line = self.process.stdout.readline()
        finally:
            hung = not watch.is_alive()
            watch.cancel()
        if not line:
            self.error = f"takes more than {self.timeout:g} s" if hung else f"exit {self.process.wait()}"
            return None
        found = json.loads(line)
        self.error = found.get("error")
        return None if self.error else found

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def burst(self, count, keep=True):
        """Runs `count` times; returns the median in ns."""
        if self.error:
            return None
        try:
            self.process.stdin.write(f"run {count}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.error = "died"
            return None
        found = self.answer()
        if not found:
            return None
        middle = statistics.median(found["ns"])
        if keep:
            self.times += found["ns"]
            self.bursts.append(middle)
        return middle

    def memory(self):
        """The most memory that the process has had, in MB; what it had before it became this program does not count."""
        try:
            for line in open(f"/proc/{self.process.pid}/status"):
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        except (OSError, AttributeError):
            return None

    def close(self):
        self.peak = self.memory()
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.process:
            return
        try:
            self.process.stdin.write("quit\n")
            self.process.stdin.close()
            self.process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()

    def row(self, base):
        if self.error or not self.times:
            return {"error": self.error or "no figure"}
        times = sorted(self.times)
        row = {"median_ms": statistics.median(times) / 1e6, "best_ms": times[0] / 1e6,
               "p90_ms": times[int(len(times) * .9)] / 1e6, "runs": len(times),
               "load_and_first_ms": self.ready.get("load_and_first_ms"), "peak_mb": self.peak,
               "difference": getattr(self, "difference", None)}
        if base and base.bursts:
            # Bursts of one round lie next to each other in time: what slows one slows the other.
            pairs = sorted(a / b for a, b in zip(self.bursts, base.bursts))
            row["ratio"] = statistics.median(pairs)
            row["ratio_range"] = [pairs[len(pairs) // 4], pairs[-1 - len(pairs) // 4]]
        return row


def race(model, engines, threads, options):
    """Rows by engine: times, ratio to the base engine, load and memory, or why there are none."""
    model = os.path.abspath(model)
    with tempfile.TemporaryDirectory(prefix="weft-peers-") as folder:
        prepared = inputs.prepare(model, folder)
        racers = [Racer(engine, model, threads, prepared, options) for engine in engines]
        reference = next((r.outputs for r in racers if not r.error and not r.engine.startswith("weft")), None)
        for racer in racers:
            racer.check(reference)
        counts = {}
        for racer in racers:
            took = racer.burst(2, keep=False)
            if took:
                counts[racer] = max(1, min(200, int(options.burst * 1e9 / max(took, 1))))
        order = list(counts)
        for number in range(options.rounds):
            turn = number % max(len(order), 1)
            for racer in order[turn:] + order[:turn]:
                racer.burst(counts[racer])
        base = next((r for r in racers if r.engine == options.base), None)
        for racer in racers:
            racer.close()
        return {racer.engine: racer.row(base) for racer in racers}
