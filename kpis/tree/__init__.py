"""The hierarchy as pages and the API read it: plain nodes, a few queries whatever its size."""

from kpis.tree.forest import Counts, Forest, Step
from kpis.tree.known import forest_as_known
from kpis.tree.loading import load_forest, load_place
from kpis.tree.nodes import Link, Node, Standing

__all__ = ["Counts", "Forest", "Link", "Node", "Standing", "Step", "forest_as_known", "load_forest", "load_place"]
