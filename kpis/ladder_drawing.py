"""The hierarchy as a drawn tree, for pages that show it small."""

from django.urls import reverse

from accounts.models import Organization
from kpis.drawing.numbers import show
from kpis.drawing.tree import TreeNode
from kpis.tree import Forest, Node

LEVELS = 3
TOPS = 8


def drawn(forest: Forest, organization: Organization) -> list[TreeNode]:
    """The topmost KPIs, those that others feed first, with three levels; what lies deeper is counted."""
    tops = sorted(forest.roots, key=lambda node: not forest.links_down(node))
    return [_drawn(forest, node, organization.slug, LEVELS) for node in tops[:TOPS]]


def _drawn(forest: Forest, node: Node, slug: str, levels: int) -> TreeNode:
    standing = node.standing
    children = forest.children(node)
    is_folded = levels == 1 and bool(children)
    return TreeNode(
        name=node.name,
        value=str(show(standing.value, node.unit, node.decimals, short=True)),
        status=node.status,
        href=reverse("kpis:detail", args=[slug, node.key]),
        note=node.owner.partition("@")[0],
        trail=standing.recent_values,
        target=standing.target,
        hidden=str(forest.counts_below(node)) if is_folded else "",
        children=() if is_folded else [_drawn(forest, child, slug, levels - 1) for child in children],
    )
