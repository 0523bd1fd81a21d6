# SPDX-License-Identifier: MIT
"""What the peers share: the shapes, the clock, and two ways of being asked.

By hand:      python peer_torch.py [--threads N] [--seconds S] [--shape NAME] [--rows N]
By compare:   python peer_torch.py --serve --threads N
              one request a line on stdin,
              {"what": "step", "shape": NAME, "mode": ..., "seconds": 1}
              or {"what": "encode", "rows": 16, ...}; one answer a line on stdout.
"""
import argparse
import json
import os
import statistics
import sys
import time

DIM = 784
ROWS = 8192  # of data; each step takes the next batch of them

SHAPES = {
    # name: (encoder widths, latent, decoder widths, batch)
    "400-20/1": ([400], 20, [400], 1),
    "400-20/20": ([400], 20, [400], 20),
    "400-20/128": ([400], 20, [400], 128),
    "400-20/1024": ([400], 20, [400], 1024),
    "200-200-50/20": ([200, 200], 50, [200, 200], 20),
    "200-200-50/128": ([200, 200], 50, [200, 200], 128),
    "article/256": ([128, 64, 32], 2, [256, 128, 64], 256),
    "1024-1024-64/512": ([1024, 1024], 64, [1024, 1024], 512),
}
ENCODE_ROWS = [1, 16, 256]


def batches(batch):
    """The batches of an epoch as float arrays; at most 512 of them."""
    import numpy
    rows = numpy.random.default_rng(1).random((ROWS, DIM), dtype=numpy.float32)
    count = min(ROWS // batch, 512)
    return [rows[i * batch:(i + 1) * batch] for i in range(count)]


def measure(call, seconds, per_call=1):
    """Median seconds of a step, of calls that make `per_call` steps each. The first calls, which
    compile and allocate, are left out."""
    for _ in range(5):
        call()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) / per_call)
    return statistics.median(times)


class Peer:
    """A framework: `modes` and `encode_modes`, ways of running it; `step(shape, mode)` and
    `encode(rows, mode)` answer a function to time and how many steps a call of it makes."""
    name = modes = encode_modes = None

    def __init__(self, threads):
        self.threads = threads
        self.made = {}

    def answer(self, request):
        what, mode = request["what"], request["mode"]
        key = (what, request.get("shape"), request.get("rows"))
        if any(k[:3] != key for k in self.made):
            self.made = {}
        if key + (mode,) not in self.made:
            make = self.step if what == "step" else self.encode
            self.made[key + (mode,)] = make(request["shape" if what == "step" else "rows"], mode)
        call, per_call = self.made[key + (mode,)]
        seconds = measure(call, request["seconds"], per_call)
        return dict(request, peer=self.name, threads=self.threads, ms=seconds * 1e3)


def requests(peer, arguments):
    for shape in [arguments.shape] if arguments.shape else [] if arguments.rows else SHAPES:
        for mode in peer.modes:
            yield {"what": "step", "shape": shape, "mode": mode, "seconds": arguments.seconds}
    for rows in [arguments.rows] if arguments.rows else [] if arguments.shape else ENCODE_ROWS:
        for mode in peer.encode_modes:
            yield {"what": "encode", "rows": rows, "mode": mode, "seconds": arguments.seconds}


def main(make):
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--shape", choices=SHAPES)
    parser.add_argument("--rows", type=int, choices=ENCODE_ROWS)
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a framework prints belongs to stderr
    peer = make(arguments.threads)
    if arguments.serve:
        hello = {"peer": peer.name, "modes": peer.modes, "encode_modes": peer.encode_modes}
        print(json.dumps(hello), file=answers, flush=True)
        asked = (json.loads(line) for line in sys.stdin)
    else:
        asked = requests(peer, arguments)
    for request in asked:
        print(json.dumps(peer.answer(request)), file=answers, flush=True)
