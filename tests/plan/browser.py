# SPDX-License-Identifier: Apache-2.0
"""What a real browser makes of the page: browser.py PROGRAM FOLDER... Each folder is a project. The page is laid out wide
and narrow, by day and by night, and asked what came of it; a screenshot is looked at, and kept below the folder that
DOCKERLINT_SCREENSHOTS names. Exit status 77: there is no Chromium here."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NIGHT = "--blink-settings=preferredColorScheme=0"  # dark

# Runs in a copy of the page. What sticks out of the window or lies over something else is named.
ASK = """<script>addEventListener("load", () => {
  const all = (what) => [...document.querySelectorAll(what)];
  const color = (element, of) => getComputedStyle(element)[of];
  const names = (elements) => elements.map((element) => element.textContent.trim());
  const answer = {
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    loaded: performance.getEntriesByType("resource").map((entry) => entry.name),
    covered: names(all(".queue svg").flatMap((picture) => [...picture.querySelectorAll("text")].filter((name) =>
      name.getBBox().x + name.getBBox().width > picture.querySelector(".bar").x.baseVal.value))),
    invisible: names(all("h1, h2, .id, .pill, .finding, td a").filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width === 0 || box.height === 0 || color(element, "color") === color(document.body, "backgroundColor");
    })),
    lost: all("a").filter((link) => !document.querySelector(link.getAttribute("href"))).length,
    background: color(document.body, "backgroundColor"),
    broken: all(".pill.broken, td a.broken, .finding.error").map((element) => color(element, "backgroundColor")),
  };
  document.documentElement.dataset.answer = JSON.stringify(answer);
});</script>"""


def browse(browser, page, width, *options):
    with tempfile.TemporaryDirectory() as profile:
        call = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
                f"--window-size={width},1400", *options, page.as_uri()]
        return subprocess.run(call, check=True, capture_output=True, text=True, timeout=120).stdout


def ask(browser, page, width, *options):
    dom = browse(browser, page, width, "--dump-dom", *options)
    text = re.search(r'data-answer="([^"]*)"', dom)[1]
    return json.loads(text.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def colors_of(png):
    """How many pixels have which colour; of the eight-bit images that browsers make."""
    data, at, pixels = png.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, form = struct.unpack(">IIBB", data[at + 8:at + 18])
        if kind == b"IDAT":
            pixels += data[at + 8:at + 8 + size]
        at += size + 12
    step = {2: 3, 6: 4}[form]
    assert depth == 8
    raw, before, colors = zlib.decompress(pixels), bytes(width * step), {}
    for y in range(height):
        begin = y * (width * step + 1)
        row = bytearray(raw[begin + 1:begin + 1 + width * step])
        unfilter(raw[begin], row, before, step)
        for x in range(0, len(row), step):
            color = (row[x], row[x + 1], row[x + 2])
            colors[color] = colors.get(color, 0) + 1
        before = row
    return colors


def unfilter(kind, row, above, step):
    for i in range(len(row)):
        a = row[i - step] if i >= step else 0
        b, c = above[i], above[i - step] if i >= step else 0
        if kind == 4:
            p = a + b - c
            predicted = min((a, b, c), key=lambda one: abs(p - one))
        else:
            predicted = (0, a, b, (a + b) // 2)[kind]
        row[i] = (row[i] + predicted) & 255


def check(browser, program, folder, here):
    text = subprocess.run([program, "cache", "--no-config", "--format", "html"], cwd=folder, check=True,
                          capture_output=True, text=True).stdout
    page, asking = here / "page.html", here / "asking.html"
    page.write_text(text)
    asking.write_text(text.replace("</body>", ASK + "</body>"))
    day, night, narrow = ask(browser, asking, 1280), ask(browser, asking, 1280, NIGHT), ask(browser, asking, 500)
    for answer in (day, night, narrow):
        assert answer["wider"] <= 0, ("sticks out of the window", answer["wider"])
        assert not answer["loaded"], ("needs something else", answer["loaded"])
        assert not answer["covered"], ("names under bars", answer["covered"])
        assert not answer["invisible"], ("cannot be seen", answer["invisible"])
        assert answer["lost"] == 0, "a link leads nowhere"
    assert day["background"] != night["background"], "the night is as bright as the day"

    kept = pathlib.Path(os.environ.get("DOCKERLINT_SCREENSHOTS", here))
    kept.mkdir(parents=True, exist_ok=True)
    for name, answer, options in (("day", day, ()), ("night", night, (NIGHT,))):
        picture = kept / f"{folder.name}-{name}.png"
        browse(browser, page, 1280, f"--screenshot={picture}", *options)
        colors = colors_of(picture)
        wanted = {answer["background"], *answer["broken"]}
        for color in wanted:
            color = tuple(map(int, re.findall(r"\d+", color)[:3]))
            assert colors.get(color, 0) > 50, ("is not in the picture", name, color)


def main():
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("skipped: there is no Chromium")
        sys.exit(77)
    program, *folders = sys.argv[1:]
    for folder in map(pathlib.Path, folders):
        with tempfile.TemporaryDirectory() as here:
            check(browser, pathlib.Path(program).resolve(), folder, pathlib.Path(here))
    print(f"{len(folders)} pages look as they should")


main()
