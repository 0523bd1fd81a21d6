#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first seeds of tests/fuzz/corpus/calls: programs for fuzz_calls.c, which reach every
call with handles that are there. Run by hand; what a fuzzer finds is added beside them."""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
TABLE = (HERE / "fuzz_calls.c").read_text()
CALLS = re.findall(r"\w+", TABLE.split("struct program *) = {")[1].split("};")[0])

THREE, ONE, FIVE, EIGHT, NONE, VAST = 0, 1, 2, 3, 4, 7  # of sizes[]
GOOD, ODD = 2, 1  # of any_floats
PLAIN = 2  # of any_context: NULL


def call(name, *arguments):
    return bytes([CALLS.index(name), *arguments])


def put(name, *program, missing=0):
    folder = HERE / "corpus" / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(bytes([missing]) + b"".join(program))


MODEL = call("model_new", 0, 0)
WORKSPACE = call("workspace_new", 0, 1, EIGHT, ONE, 0, 0)
BATCH = (call("batch_set", 0, FIVE, 1, 0, 0, GOOD) + call("batch_set", 0, FIVE, 1, 0, 5, GOOD))
SOURCE = call("source_new", 0, EIGHT, THREE, 1, 0, PLAIN, GOOD)
BYTES = call("source_new", 1, EIGHT, THREE, 1, 1, PLAIN)
LABELS = call("source_new", 2, EIGHT, THREE, 1, 2, PLAIN)
CALLBACK = call("source_new", 3, EIGHT, THREE, 1, 3, PLAIN)
DATA = call("trainer_set_data", 0, 0, 0, 0)
VALIDATION = call("trainer_set_data", 0, 1, 0, 3)


def trainer(optimizer, watched=0, hook=0):
    return call("trainer_new", 0, 0, optimizer, 1, watched, watched, hook)


def compute():
    for kind in range(11):
        put(f"compute-{kind}", MODEL, WORKSPACE, BATCH, call("compute", 0, 0, 0, 1, kind, 0))
        put(f"compute-{kind}-odd", MODEL, WORKSPACE, BATCH,
            call("batch_set", 0, FIVE, 1, 0, 0, ODD), call("batch_set", 0, FIVE, 1, 0, 5, ODD),
            call("compute", 0, 0, 0, 1, kind, 0))
    put("weigh", MODEL, WORKSPACE, BATCH, call("batch_weigh", 0, 7, ONE, 2, 1, 0, 0, 0),
        call("compute", 0, 0, 0, 1, 10))
    put("change", MODEL, call("model_change", 0, 2, THREE, GOOD, 0),
        call("model_change", 0, 2, THREE, ODD, 3, 12), call("model_copy", 0))


def sources():
    for name, source in {"floats": SOURCE, "bytes": BYTES, "labels": LABELS,
                         "callback": CALLBACK}.items():
        at = source[1]
        put(f"source-{name}", MODEL, WORKSPACE, source,
            call("source_look", at, ONE, 0, 0, 0, ONE, 0), call("evaluate", 0, 0, at, 0, 1))
    put("source-vast", call("source_new", 2, ONE, VAST, 1, 2, PLAIN), call("source_look", 2, 0))


def training():
    for optimizer in range(4):
        put(f"train-{optimizer}", MODEL, SOURCE, BYTES, trainer(optimizer), DATA, VALIDATION,
            call("train", 0, 3), call("train", 0, 0), call("train", 0, 1, 2),
            call("trainer_results", 0, 3))
    watched = trainer(0, 1, 3)
    put("train-watched", MODEL, SOURCE, watched, DATA, call("train", 0, 3, 0, 0),
        call("train", 0, 0, 3, 1, 12))
    put("train-callback", MODEL, CALLBACK, trainer(0), call("trainer_set_data", 0, 3, 0, 0),
        call("train", 0, 1, 2))
    resume = call("trainer_save", 0, 0), call("train", 0, 3), call("trainer_load", 0, 0)
    put("resume", MODEL, SOURCE, trainer(0), DATA, call("train", 0, 3), *resume)
    put("resume-by-callback", MODEL, SOURCE, trainer(0), DATA, call("trainer_save", 0, 0),
        call("trainer_load", 0, 1))
    put("resume-damaged", MODEL, SOURCE, trainer(0), DATA, call("trainer_save", 0, 3, 2, 9, 3),
        call("trainer_load", 0, 0))
    for missing in (3, 9, 20, 40):
        put(f"missing-{missing}", MODEL, WORKSPACE, BATCH, SOURCE, trainer(2), DATA,
            call("train", 0, 0), call("model_save", 0, 0, 0), call("model_load", 0),
            missing=missing)


if __name__ == "__main__":
    compute()
    sources()
    training()
