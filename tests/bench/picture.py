# SPDX-License-Identifier: Apache-2.0
"""The results of the benchmark as one SVG: the ratios as bars, the instructions over the bytes as a line."""
from __future__ import annotations

import html
import math

STYLE = """\
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .small { font-size: 11.5px; fill: #59636e }
    .bar { fill: #54aeff }
    .spread, .axis { stroke: #59636e; stroke-width: 1.2 }
    .one { stroke: #cf222e; stroke-dasharray: 4 3 }
    .line { fill: none; stroke: #0969da; stroke-width: 2 }
    .dot { fill: #0969da }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .small { fill: #9198a1 }
      .bar { fill: #1f6feb }
      .spread, .axis { stroke: #9198a1 }
      .line { stroke: #58a6ff }
      .dot { fill: #58a6ff }
    }
  </style>
"""


def bars(rows: list[tuple[str, float, float, float]], top: int) -> list[str]:
    """CPU time as a multiple of the other program's, on a logarithmic scale."""
    left, width = 330, 380
    low = min(0.5, *(row[2] for row in rows))
    high = max(2.0, *(row[3] for row in rows))

    def x(value: float) -> float:
        return left + width * (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))

    out = [f'  <text x="20" y="{top - 12}">CPU time, as a multiple of the other program’s</text>']
    for i, (what, ratio, tenth, ninetieth) in enumerate(rows):
        y = top + 14 + i * 28
        label = html.escape(what.replace("`", ""))
        out += [
            f'  <text class="small" x="{left - 8}" y="{y + 4}" text-anchor="end">{label}</text>',
            f'  <rect class="bar" x="{left}" y="{y - 8}" width="{max(x(ratio) - left, 1):.1f}" height="16"/>',
            f'  <path class="spread" d="M{x(tenth):.1f} {y}H{x(ninetieth):.1f}"/>',
            f'  <text class="small" x="{x(ninetieth) + 8:.1f}" y="{y + 4}">{ratio:.1f} ×</text>',
        ]
    bottom = top + len(rows) * 28
    out.append(f'  <path class="one" d="M{x(1):.1f} {top - 4}V{bottom}"/>')
    return out


def line(points: list[tuple[int, int]], top: int) -> list[str]:
    """Instructions over bytes, both logarithmic: a straight line of slope 1 is linear cost."""
    left, width, height = 90, 620, 220
    xs = [math.log10(x) for x, _ in points]
    ys = [math.log10(y) for _, y in points]

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - xs[0]) / (xs[-1] - xs[0])
        up = (y - ys[0]) / (ys[-1] - ys[0])
        return left + width * across, top + height - height * up

    places = [place(x, y) for x, y in zip(xs, ys)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    out = [
        f'  <text x="20" y="{top - 14}">Instructions, by the bytes of the file</text>',
        f'  <path class="axis" d="M{left} {top}V{top + height}H{left + width}" fill="none"/>',
        f'  <path class="line" d="{path}"/>',
    ]
    for (x, y), (size, count) in zip(places, points):
        out += [
            f'  <circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
            f'  <text class="small" x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{size / 1000:,.0f} KB</text>',
            f'  <text class="small" x="{x - 10:.1f}" y="{y - 8:.1f}" text-anchor="end">{count / 1e6:,.1f} M</text>',
        ]
    return out


def picture(rows: list[tuple[str, float, float, float]], points: list[tuple[int, int]]) -> str:
    middle = 40 + len(rows) * 28 + 60
    height = middle + (270 if points else 0)
    body = bars(rows, 40) + (line(points, middle) if points else [])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" width="800" height="{height}" role="img">\n'
        "  <title>What dockerlint costs</title>\n" + STYLE + "\n".join(body) + "\n</svg>\n"
    )
