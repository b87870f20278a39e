"""Draws docs/performance/*.svg from docs/performance/curves.json. Lines on logarithmic axes, nothing but the standard
library; the colours are readable on light and on dark pages."""
import json
import math
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs/performance"
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 320, 70, 40, 20, 46
COLOURS = ("#2f7ed8", "#d9822b", "#3aa76d", "#b0509f")
TEXT, GRID = "#7a7f87", "#7a7f8733"


def short(value):
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


class Axis:
    """Powers of ten from below the smallest value to above the largest."""

    def __init__(self, values, begin, end):
        values = [value for value in values if value > 0]
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.begin, self.end = begin, end

    def place(self, value):
        share = (math.log10(max(value, 10 ** self.low)) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def marks(self):
        return [10 ** power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="middle", size=12, colour=TEXT):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{words}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{GRID}"/>'


def plot(name, title, x_label, y_label, series):
    """series: name -> list of (x, y)."""
    x = Axis([point[0] for points in series.values() for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for points in series.values() for point in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'role="img" aria-label="{title}">', text(LEFT, 18, title, "start", 14)]
    for mark in x.marks():
        parts += [line(x.place(mark), TOP, x.place(mark), HEIGHT - BOTTOM),
                  text(x.place(mark), HEIGHT - BOTTOM + 16, short(mark))]
    for mark in y.marks():
        parts += [line(LEFT, y.place(mark), WIDTH - RIGHT, y.place(mark)),
                  text(LEFT - 6, y.place(mark) + 4, short(mark), "end")]
    parts += [text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_label),
              f'<g transform="rotate(-90 16 {HEIGHT / 2})">{text(16, HEIGHT / 2, y_label)}</g>']
    for index, ((label, points), colour) in enumerate(zip(series.items(), COLOURS)):
        places = [(x.place(a), y.place(b)) for a, b in points]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in places]
        parts.append(text(WIDTH - RIGHT, 18 + 14 * (index % 2), label, "end", 12, colour)
                     if index < 2 else text(WIDTH - RIGHT - 150, 18 + 14 * (index % 2), label, "end", 12, colour))
    (FOLDER / name).write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def main():
    record = json.loads((FOLDER / "curves.json").read_text(encoding="utf-8"))
    for what, curve in record["open_loop"].items():
        points = curve["points"]
        plot(f"open_loop_{what}.svg", f"{what.capitalize()}: latency under open-loop load", "requests a second",
             "milliseconds", {name: [(p["asked_per_second"], p[key]) for p in points]
                              for name, key in (("p99", "p99_ms"), ("p50", "p50_ms"))})
    for what in ("doctors", "appointments"):
        rows = [row for row in record[what] if row[what] > 0]
        rates = (("searches", "searches_per_second"), ("slots", "slots_per_second"), ("holds", "holds_per_second"))
        plot(f"growth_{what}_rates.svg", f"Rates by number of {what}", what, "a second",
             {name: [(row[what], row[key]) for row in rows] for name, key in rates})
        sizes = (("memory, MB", "memory_bytes", 1e-6), ("on disk, MB", "stored_bytes", 1e-6),
                 ("start, ms", "ready_seconds", 1e3))
        plot(f"growth_{what}_sizes.svg", f"Sizes and start by number of {what}", what, "MB, ms",
             {name: [(row[what], row[key] * scale) for row in rows] for name, key, scale in sizes})


if __name__ == "__main__":
    main()
