# SPDX-License-Identifier: MIT
"""Line and branch coverage of lib/ from the .gcda files under a build folder, by gcov's JSON.

usage: coverage.py BUILD SOURCE [--missed]

A line or branch of a body that is compiled several times (one per instruction set) is reached when
it is reached in any of them, and so is one of a body that is inlined many times into one function
(INLINED; there gcov numbers the copies' branches on: even ones are one way, odd ones the other).
--missed lists what is not reached."""
import json
import os
import subprocess
import sys
from collections import defaultdict

INLINED = {"lib/math/gemm_builtin.c"}


def name_of(path, source):
    """lib/... of a source as the compiler names it, or None."""
    at = path.rfind("/lib/") if not path.startswith("lib/") else -1
    name = path[at + 1:]
    return name if name.startswith("lib/") and os.path.exists(os.path.join(source, name)) else None


def collect(build, source):
    lines = defaultdict(lambda: defaultdict(int))
    branches = defaultdict(lambda: defaultdict(int))
    for folder, _, files in os.walk(os.path.join(build, "lib")):
        counted = [f for f in files if f.endswith(".gcda")]
        if not counted:
            continue
        command = ["gcov", "--json-format", "--stdout", "--branch-probabilities", *counted]
        out = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
        for text in out.splitlines():
            for file in json.loads(text)["files"]:
                name = name_of(file["file"], source)
                if not name:
                    continue
                for line in file["lines"]:
                    number = line["line_number"]
                    lines[name][number] = max(lines[name][number], line["count"])
                    for i, branch in enumerate(line["branches"]):
                        key = (number, i % 2 if name in INLINED else i)
                        branches[name][key] = max(branches[name][key], branch["count"])
    return lines, branches


def share(reached, every):
    return f"{reached:6d}/{every:<6d}{100.0 * reached / every if every else 100.0:7.2f}%"


def main():
    build, source = sys.argv[1:3]
    lines, branches = collect(build, source)
    if not lines:
        sys.exit("no coverage data: build with -Db_coverage=true and run the tests")
    total = [0, 0, 0, 0]
    folders = defaultdict(lambda: [0, 0, 0, 0])
    for name in sorted(lines):
        hit = sum(c > 0 for c in lines[name].values())
        taken = sum(c > 0 for c in branches[name].values())
        numbers = [hit, len(lines[name]), taken, len(branches[name])]
        for sums in total, folders[name.split("/")[1]]:
            for i in range(4):
                sums[i] += numbers[i]
        if numbers[0] < numbers[1] or numbers[2] < numbers[3]:
            print(f"{name:42s} {share(*numbers[:2])} {share(*numbers[2:])}")
        if "--missed" in sys.argv:
            text = open(os.path.join(source, name)).read().splitlines()
            missed = {n for n, c in lines[name].items() if c == 0}
            partly = defaultdict(list)
            for (n, i), c in branches[name].items():
                if c == 0 and n not in missed:
                    partly[n].append(i)
            for n in sorted(missed | set(partly)):
                what = "line" if n in missed else f"branch {','.join(map(str, partly[n]))}"
                print(f"    {n:4d} {what:12s} {text[n - 1].strip()}")
    for name in sorted(folders):
        print(f"lib/{name:38s} {share(*folders[name][:2])} {share(*folders[name][2:])}")
    print(f"{'all of lib':42s} {share(*total[:2])} {share(*total[2:])}")


if __name__ == "__main__":
    main()
