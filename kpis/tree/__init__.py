"""The hierarchy as pages and the API read it: plain nodes, three queries whatever its size."""

from kpis.tree.forest import Counts, Forest, Step
from kpis.tree.loading import load_forest
from kpis.tree.nodes import Link, Node, Standing

__all__ = ["Counts", "Forest", "Link", "Node", "Standing", "Step", "load_forest"]
