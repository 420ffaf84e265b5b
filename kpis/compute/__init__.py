"""From measurements and definitions in the database to scores in the database, through the pure engine."""

from kpis.compute.rebuild import Difference, differences, rebuild
from kpis.compute.run import compute

__all__ = ["Difference", "compute", "differences", "rebuild"]
