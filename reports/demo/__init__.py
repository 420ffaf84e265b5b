"""Three organizations to look around in: a grocer with a year of real sales, a software company, an empty one."""

from reports.demo.loading import LOG_IN, PASSWORD, SlugTakenError, load, remove
from reports.demo.pushing import RefusedError
from reports.demo.transactions import DataMissingError

__all__ = ["LOG_IN", "PASSWORD", "DataMissingError", "RefusedError", "SlugTakenError", "load", "remove"]
