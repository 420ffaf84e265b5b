"""The sprite holds the icons that are drawn, and no others."""

import json
import re
from pathlib import Path

from config.navigation import ENTRIES, FOOT
from kpis.starters import BUSINESSES

ROOT = Path(__file__).parents[2]
APPS = ("config", "accounts", "kpis", "okrs", "segments", "reports")
DRAWN = re.compile(r"""\{% icon "([\w-]+)"|icon_name="([\w-]+)\"""")


def test_the_sprite_holds_exactly_the_icons_in_use():
    sprite = set(json.loads((ROOT / "config" / "frontend" / "icons.json").read_text(encoding="utf-8")))
    used = {each.icon for each in (*ENTRIES, *FOOT, *BUSINESSES.values())}
    for app in APPS:
        for template in (ROOT / app).rglob("*.html"):
            used |= {first or second for first, second in DRAWN.findall(template.read_text(encoding="utf-8"))}
    assert used == sprite
