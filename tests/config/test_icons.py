"""Every icon a template draws is in the sprite."""

import json
import re
from pathlib import Path

from config.navigation import ENTRIES, FOOT

ROOT = Path(__file__).parents[2]
APPS = ("config", "accounts", "kpis", "okrs", "segments", "reports")
DRAWN = re.compile(r"""\{% icon "([\w-]+)"|icon_name="([\w-]+)\"""")


def test_every_icon_in_use_is_in_the_sprite():
    sprite = set(json.loads((ROOT / "config" / "frontend" / "icons.json").read_text(encoding="utf-8")))
    used = {entry.icon for entry in (*ENTRIES, *FOOT)}
    for app in APPS:
        for template in (ROOT / app).rglob("*.html"):
            used |= {first or second for first, second in DRAWN.findall(template.read_text(encoding="utf-8"))}
    assert len(used) > 10
    assert used <= sprite
