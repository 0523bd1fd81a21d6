# SPDX-License-Identifier: MIT
"""Bar charts as SVG, for docs/performance.md.

    python3 chart.py compared compare.json > compare.svg
    python3 chart.py phases phases.jsonl > phases.svg    (bench_phases --json)
"""
import collections
import json
import math
import sys
from xml.sax.saxutils import escape

COLOURS = ["#4c9bd6", "#e58a7b", "#f2c14e", "#8fc29a", "#b79bc9", "#a9b4c2", "#d9c7a0"]

# Phases too short to be seen one by one.
SHORT = {"loading rows", "activation", "activation's derivative", "latent code and KL"}
TOGETHER = "loading, activations, z"


class Svg:
    """Shapes on white, so that the picture reads on dark pages too."""

    def __init__(self, width, height):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                      f'width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
                      f'<rect width="{width}" height="{height}" fill="#ffffff"/>']

    def rect(self, x, y, w, h, fill):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" '
                          f'fill="{fill}"/>')

    def line(self, x1, y1, x2, y2):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          'stroke="#dddddd"/>')

    def text(self, x, y, text, anchor="start", fill="#222222", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" '
                          f'font-weight="{weight}">{escape(text)}</text>')

    def __str__(self):
        return "\n".join(self.parts + ["</svg>\n"])


def legend(svg, names, y, left):
    for i, name in enumerate(names):
        x, line = left + i % 4 * 185, y + i // 4 * 20
        svg.rect(x, line - 11, 12, 12, COLOURS[i % len(COLOURS)])
        svg.text(x + 18, line, name)


def compared(rows):
    """rows: (shape, {peer: ms}). Bars: time as a multiple of libvae's."""
    names = list(rows[0][1])
    most = max(ms / times["libvae"] for _, times in rows for ms in times.values())
    left, width, bar, gap, top = 140, 560, 16, 14, 64
    height = top + len(rows) * (len(names) * bar + gap) + 30
    svg = Svg(left + width + 130, height)
    svg.text(20, 22, "Time of a training step, in libvae's (shorter is better)", weight="bold")
    legend(svg, names, 46, 20)
    step = math.ceil(most / 8)
    for tick in range(0, int(most) + 1, step):
        x = left + width * tick / most
        svg.line(x, top, x, height - 24)
        svg.text(x, height - 8, str(tick), "middle", "#666666")
    y = top + gap / 2
    for shape, times in rows:
        svg.text(left - 10, y + len(names) * bar / 2 + 4, shape, "end")
        for i, name in enumerate(names):
            ratio = times[name] / times["libvae"]
            svg.rect(left, y, width * ratio / most, bar - 2, COLOURS[i % len(COLOURS)])
            label = f"{times[name]:.3g} ms" + ("" if name == "libvae" else f" = {ratio:.1f}x")
            svg.text(left + width * ratio / most + 5, y + bar - 4, label, fill="#444444")
            y += bar
        y += gap
    return str(svg)


def phases(lines):
    """Lines of bench_phases --json: one stacked bar a shape and number of threads."""
    bars, names = {}, []
    for line in lines:
        if line["phase"].startswith("step"):
            continue
        phase = TOGETHER if line["phase"] in SHORT else line["phase"]
        parts = bars.setdefault((line["shape"], line["threads"]), collections.Counter())
        parts[phase] += max(line["us"], 0)
        if phase not in names:
            names.append(phase)
    left, width, bar, top = 200, 580, 22, 86
    svg = Svg(left + width + 80, top + len(bars) * (bar + 8) + 10)
    svg.text(20, 22, "Where a training step's time goes", weight="bold")
    legend(svg, names, 46, 20)
    y = top
    for (shape, threads), parts in bars.items():
        svg.text(left - 10, y + bar - 6, f"{shape}, {threads} thread{'s' * (threads > 1)}", "end")
        x = left
        whole = sum(parts.values())
        for i, name in enumerate(names):
            w = width * parts[name] / whole
            svg.rect(x, y, w, bar, COLOURS[i % len(COLOURS)])
            if w > 34:
                svg.text(x + w / 2, y + bar - 6, f"{100 * w / width:.0f}%", "middle")
            x += w
        svg.text(x + 8, y + bar - 6, f"{whole / 1e3:.3g} ms")
        y += bar + 8
    return str(svg)


def main():
    kind, path = sys.argv[1:]
    with open(path) as file:
        if kind == "phases":
            print(phases([json.loads(line) for line in file]), end="")
            return
        results = json.load(file)["results"]
    rows = {}
    for r in (r for r in results if r["what"] == "step"):
        times = rows.setdefault(r["subject"], {})
        times[r["peer"]] = min(r["ms"], times.get(r["peer"], r["ms"]))
    print(compared(list(rows.items())), end="")


if __name__ == "__main__":
    main()
