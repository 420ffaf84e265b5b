"""Measurements from outside: from bytes to a batch of columns, with every error named where it stands."""

from kpis.ingest.decode import FORMATS, decode
from kpis.ingest.items import Item, ItemError, Parsed
from kpis.ingest.resolve import Batch, resolve

__all__ = ["FORMATS", "Batch", "Item", "ItemError", "Parsed", "decode", "resolve"]
