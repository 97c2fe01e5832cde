# SPDX-License-Identifier: Apache-2.0
"""What programs make of a cache plan: check.py PROGRAM FOLDER... Each folder is a project; its plan must be what
docs/cache-plan.schema.json says, with indices that lead somewhere; what is for CI must be JSON and YAML; the page must
be well-formed and need nothing but itself. Exit status 77: a module that this takes is not here."""
import html.parser
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).parents[2]
VOID = {"meta", "link", "br", "hr", "img", "input"}


def run(program, folder, *arguments):
    done = subprocess.run([program, "cache", "--no-config", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (folder, arguments, done.returncode, done.stderr)
    return done.stdout


class Page(html.parser.HTMLParser):
    """Tags close as they open, ids are there once, and links stay in the page."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], set(), []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                assert value not in self.ids, value
                self.ids.add(value)
            if name in ("href", "src"):
                assert value.startswith("#"), value
                self.links.append(value[1:])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


def check(program, folder, schema):
    plan = json.loads(run(program, folder, "--format", "json"))
    jsonschema.validate(plan, schema)
    for cache in plan["caches"]:
        assert all(i < len(plan["findings"]) for i in cache["findings"])
        assert all(i < len(cache["users"]) for party in cache["queue"] for i in party)
        assert all(i < len(plan["builds"]) for user in cache["users"] for i in user["builds"])

    carried = json.loads(run(program, folder, "--emit", "cache-map"))
    known = {cache["id"] for cache in plan["caches"] if cache["known"] and "${" not in cache["id"]}
    assert known <= {entry["id"] for entry in carried.values()}, (known, carried)
    assert all(entry["target"].startswith("/") for entry in carried.values())

    steps = yaml.safe_load(run(program, folder, "--emit", "github-actions"))
    assert [step["uses"].split("@")[0] for step in steps] == [
        "actions/cache", "reproducible-containers/buildkit-cache-dance"]
    assert json.loads(steps[1]["with"]["cache-map"]) == carried

    page = Page()
    text = run(program, folder, "--format", "html")
    assert text.startswith("<!doctype html>") and "http" not in text.replace("http://www.w3.org", "")
    page.feed(text)
    page.close()
    assert not page.open and set(page.links) <= page.ids, (page.open, set(page.links) - page.ids)


def main():
    program, *folders = sys.argv[1:]
    schema = json.loads((ROOT / "docs/cache-plan.schema.json").read_text())
    for folder in folders:
        check(pathlib.Path(program).resolve(), folder, schema)
    print(f"{len(folders)} plans are good")


main()
