"""How a page is looked at: light and dark on a desk, and on a telephone; and what may be wrong with it then.

Axe takes long, so it is not asked again what an earlier page answered: see ``TEXTS`` and ``TURNED``.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Page, ViewportSize

DESK = ViewportSize(width=1280, height=800)
TELEPHONE = ViewportSize(width=390, height=844)
# Targets smaller than 24 by 24 px, except links within a line of text, whose size the text gives.
SMALL_TARGETS = """
[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((node) => getComputedStyle(node).display !== "inline" && !node.closest(".visually-hidden, svg"))
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width > 1 && (box.width < 23.5 || box.height < 23.5))
  .filter(([node]) => !node.labels?.length)
  .map(([node, box]) => `${node.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`)
"""
# Texts by their colours, grounds and sizes, and within a line also by how they are told from it as links: the answer of
# what axe found for one of them is the answer for all.
TEXTS = """
(() => {
  const texts = (window.texts = new Map());
  const ground = (node) => {
    const style = getComputedStyle(node), placed = ["absolute", "fixed", "sticky"].includes(style.position);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, placed ? node.className : ""].join();
    if (!node.parentElement || (style.backgroundColor.startsWith("rgb(") && own.endsWith("none,1,"))) return own;
    return (own === "rgba(0, 0, 0, 0),none,1," ? "" : own + "|") + ground(node.parentElement);
  };
  const isInline = (node) => getComputedStyle(node).display === "inline";
  const link = (node) => {
    const link = node.closest("a[href]"), style = link && getComputedStyle(link);
    if (!link || !isInline(link)) return "";
    let line = link.parentElement;
    while (isInline(line)) line = line.parentElement;
    return [style.textDecorationLine, style.borderBottomWidth, style.fontStyle, getComputedStyle(line).color].join();
  };
  for (const node of document.body.querySelectorAll("*")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) && !node.placeholder) continue;
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(node);
    const own = [style.color, style.fill, style.fontSize, style.fontWeight, style.textShadow, node.disabled];
    const kind = [...own, link(node), ground(node)].join();
    if (!texts.has(kind)) texts.set(kind, node.closest("a[href]") && link(node) ? node.closest("a[href]") : node);
  }
  return [...texts.keys()];
})()
"""
# What is displayed otherwise than in the first look at the page: by tags, classes and attributes, and where something
# appears or vanishes by all that is in it. The rules that ask for neither sizes nor scrolling depend on the width by
# this alone.
TURNED = """
(() => {
  const nodes = [...document.body.querySelectorAll("*")];
  const first = (window.first ??= new Map(nodes.map((node) => [node, getComputedStyle(node).display])));
  const inside = (node) => node.outerHTML.replace(/="[^"]+"/g, "").replace(/>[^<]*[^<\\s][^<]*/g, ">…");
  const alone = (node) => [node.tagName, node.className, node.getAttributeNames()].join(" ");
  const turned = new Set();
  for (const node of nodes) {
    const before = first.get(node) ?? "none", now = getComputedStyle(node).display;
    if (before === now) continue;
    const what = [before, now].includes("none") ? inside(node) : "";
    turned.add([alone(node.parentElement), alone(node), before, now, what].join(" / "));
  }
  return [...turned];
})()
"""
SIGHT = f"({{ width: document.documentElement.scrollWidth, small: {SMALL_TARGETS}, texts: {TEXTS}, turned: {TURNED} }})"
OF_TEXTS = ["color-contrast", "link-in-text-block"]
OF_SIZES = ["target-size", "scrollable-region-focusable"]
EVERYTHING = {"rules": {name: {"enabled": False} for name in OF_TEXTS}}


class Look(NamedTuple):
    """How a page is looked at, and what axe is asked of every page then, beside the colours of its texts."""

    color_scheme: Literal["light", "dark"]
    viewport: ViewportSize
    axe: dict[str, Any] | None


# Each page is loaded once and looked at in turn.
LOOKS = {
    "light": Look("light", DESK, EVERYTHING),
    "dark": Look("dark", DESK, None),
    "telephone": Look("light", TELEPHONE, {"runOnly": OF_SIZES}),
}


class Seen(NamedTuple):
    """What earlier pages showed: addresses by title, kinds of texts, and what narrow pages display otherwise."""

    titles: dict[str, str]
    texts: set[str]
    turned: set[str]


def wrong_in(page: Page, look: Look, seen: Seen) -> Iterator[str]:
    page.emulate_media(color_scheme=look.color_scheme)
    if page.viewport_size != look.viewport:
        page.set_viewport_size(look.viewport)
    sight = page.evaluate(SIGHT)
    if sight["width"] > look.viewport["width"]:
        yield f"is {sight['width']} px wide on {look.viewport['width']}"
    yield from sight["small"]
    if look.axe:
        yield from violations(page, look.axe)
    if _new(sight["turned"], seen.turned):
        yield from violations(page, EVERYTHING)
    if texts := _new(sight["texts"], seen.texts):
        yield from violations(page, {"runOnly": OF_TEXTS}, texts)


def violations(page: Page, options: dict[str, Any], texts: list[str] | None = None) -> Iterator[str]:
    """What axe finds on the page, or of some kinds of its texts only."""
    within = "texts.map((kind) => window.texts.get(kind))" if texts else "document"
    asked = {"resultTypes": ["violations"], **options}
    found = page.evaluate(f"([options, texts]) => axe.run({within}, options)", [asked, texts])["violations"]
    return (f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3])


def _new(kinds: list[str], seen: set[str]) -> list[str]:
    """Those not seen before; from now on they are."""
    new = [kind for kind in kinds if kind not in seen]
    seen.update(new)
    return new
