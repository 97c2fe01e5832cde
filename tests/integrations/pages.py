# SPDX-License-Identifier: Apache-2.0
"""The fenced blocks of a Markdown page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Block:
    language: str
    name: str  # of the file that it is, or nothing
    text: str


def blocks_of(page: Path) -> list[Block]:
    fenced = re.compile(r"^(`{3,})(\w*) ?([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
    found = fenced.findall(page.read_text(encoding="utf-8"))
    return [Block(language, name, text) for _, language, name, text in found]
