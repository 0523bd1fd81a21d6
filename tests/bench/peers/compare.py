# SPDX-License-Identifier: MIT
"""Runs libvae and its peers in turn: see compare.sh. Each peer is one process for each number of
threads, asked again and again, so that everything of one shape is measured within seconds."""
import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import time

import chart
import peer
import quiet

HERE = pathlib.Path(__file__).parent
PEERS = {"TORCH": "peer_torch.py", "OLD_TORCH": "peer_torch.py", "JAX": "peer_jax.py",
         "TENSORFLOW": "peer_tensorflow.py"}


class Asked:
    """A peer's process."""

    def __init__(self, python, script, threads):
        command = [python, str(HERE / script), "--serve", "--threads", str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.threads = threads
        hello = json.loads(self.process.stdout.readline())
        self.name, self.modes, self.encode_modes = (hello[k] for k in
                                                    ("peer", "modes", "encode_modes"))

    def ways(self, what):
        return [(self, mode) for mode in (self.modes if what == "step" else self.encode_modes)]

    def ask(self, what, subject, mode, seconds):
        request = {"what": what, "shape" if what == "step" else "rows": subject, "mode": mode,
                   "seconds": seconds}
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())["ms"]


class Library:
    """libvae, by its own benchmarks; their reports of the machine are kept."""
    name = "libvae"

    def __init__(self, build, threads):
        self.programs = pathlib.Path(build) / "tests" / "bench"
        self.threads = threads
        self.machine = ""
        self.products = collections.defaultdict(list)

    def ways(self, what):
        return [(self, "")]

    def ask(self, what, subject, mode, seconds):
        program, choice = ("bench_step", subject) if what == "step" else ("bench_infer", "encode")
        run = subprocess.run([self.programs / program, "--json", "--threads", str(self.threads),
                              "--seconds", str(seconds / (0.6 if what == "step" else 1.0)),
                              "--shape", choice], check=True, capture_output=True, text=True)
        self.machine = run.stderr
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        if what == "encode":
            return next(line["us"] for line in lines if line["rows"] == subject) / 1e3
        self.products[subject].append(lines[0].get("products_one_thread_ms", float("nan")))
        return lines[0]["ms"]


def start(build):
    counts = sorted({1, min(2, os.cpu_count()), os.cpu_count()})
    asked = [Library(build, n) for n in counts]
    for variable, script in PEERS.items():
        if os.environ.get(variable):
            asked += [Asked(os.environ[variable], script, n) for n in counts]
    return asked


def compare(asked, what, subject, arguments):
    """Each way of running each peer once, then the two best ways of each in turn, many rounds, each
    time until other programs leave the machine alone."""
    processes = [a.process.pid for a in asked if isinstance(a, Asked)]
    ways = [way for a in asked for way in a.ways(what)]
    scouted = collections.defaultdict(list)
    for a, mode in ways:
        a.ask(what, subject, mode, 0.05)
        scouted[a.name].append((a.ask(what, subject, mode, arguments.seconds / 2), a, mode))
    kept = [way for times in scouted.values() for way in sorted(times, key=lambda t: t[0])[:2]]
    times = collections.defaultdict(list)
    for _ in range(arguments.rounds):
        for _, a, mode in kept:
            time.sleep(0.3)  # until the threads of the one before have gone to sleep
            times[a.name, mode, a.threads].append(quiet.quietly(
                lambda: a.ask(what, subject, mode, arguments.seconds), processes))
    for (name, mode, threads), answers in times.items():
        ms, others = zip(*answers)
        yield {"what": what, "subject": subject, "peer": name, "mode": mode, "threads": threads,
               "ms": statistics.median(ms), "least_ms": min(ms), "most_ms": max(ms),
               "others_share": max(others)}


def best(results, what, subject):
    """The quickest way of each peer."""
    quickest = {}
    for r in results:
        if (r["what"], r["subject"]) == (what, subject):
            if r["peer"] not in quickest or r["ms"] < quickest[r["peer"]]["ms"]:
                quickest[r["peer"]] = r
    return quickest


def table(results, what, subjects, products):
    """Markdown: ms (threads) of each peer and, in brackets, how many times libvae's."""
    names = list(dict.fromkeys(r["peer"] for r in results))
    unit, scale = ("ms a step", 1) if what == "step" else ("µs a call", 1000)
    head = [f"{what}, {unit}"] + names + (["bare products, 1 thread"] if what == "step" else [])
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for subject in subjects:
        quickest = best(results, what, subject)
        own = quickest["libvae"]["ms"]
        cells = [str(subject) if what == "step" else f"{subject} rows"]
        for name in names:
            r = quickest[name]
            ratio = "" if name == "libvae" else f" = {r['ms'] / own:.1f}x"
            cells.append(f"{r['ms'] * scale:.3g} ({r['threads']} t){ratio}")
        if what == "step":
            cells.append(f"{statistics.median(products[subject]):.3g}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def ways_used(results, what, subjects):
    lines = []
    for subject in subjects:
        for r in best(results, what, subject).values():
            if r["mode"]:
                threads = f"{r['threads']} thread{'s' * (r['threads'] > 1)}"
                lines.append(f"- {what} {subject}: {r['peer']}, {r['mode']}, {threads}, "
                             f"{r['least_ms']:.4g} to {r['most_ms']:.4g} ms over the rounds")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--shape", choices=peer.SHAPES, action="append")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    arguments = parser.parse_args()
    shapes, rows = arguments.shape or list(peer.SHAPES), peer.ENCODE_ROWS
    asked = start(arguments.build)
    results = []
    for what, subject in [("step", s) for s in shapes] + [("encode", r) for r in rows]:
        results += compare(asked, what, subject, arguments)
        print({n: round(r["ms"], 4) for n, r in best(results, what, subject).items()}, what,
              subject, flush=True)
    products = {s: sum((a.products[s] for a in asked if a.name == "libvae"), []) for s in shapes}
    others = max(r["others_share"] for r in results)
    machine = (asked[0].machine + f"{time.strftime('%Y-%m-%d %H:%M %Z')}; other programs took at "
               f"most {100 * others:.0f}% of the machine's time in any measurement\n")
    text = (table(results, "step", shapes, products) + "\n" + table(results, "encode", rows, {}) +
            "\n" + ways_used(results, "step", shapes) + ways_used(results, "encode", rows) +
            "\n```\n" + machine + "```\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "compare.json").write_text(json.dumps(
        {"machine": machine, "results": results, "products_one_thread_ms": products}, indent=1))
    (arguments.out / "compare.md").write_text(text)
    (arguments.out / "compare.svg").write_text(chart.compared(
        [(s, {n: r["ms"] for n, r in best(results, "step", s).items()}) for s in shapes]))
    print(text)


if __name__ == "__main__":
    main()
