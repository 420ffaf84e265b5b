"""Every statement on a tenant table says of which organization: row-level security alone would ask all shards."""

import re
from functools import cache, lru_cache

from tests.isolation.catalogue import tenant_tables

_NAMED = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO|USING)\s+(?:ONLY\s+)?"?(\w+)"?', re.IGNORECASE)
_ORGANIZATION = re.compile(r'"?\borganization_id\b"?', re.IGNORECASE)
# Statements about tables, not about rows.
_NOT_ABOUT_ROWS = re.compile(
    r"^\s*(?:ALTER|CREATE|DROP|TRUNCATE|GRANT|SAVEPOINT|RELEASE|ROLLBACK|SET|COPY)\b", re.IGNORECASE
)


@cache
def _tenant_tables() -> frozenset[str]:
    return frozenset(tenant_tables())


@lru_cache(maxsize=10_000)
def missing_predicates(sql: str) -> int:
    """How many of the tenant tables a statement names lack an ``organization_id`` of their own; 0 is right."""
    if _NOT_ABOUT_ROWS.match(sql):
        return 0
    named = sum(table in _tenant_tables() for table in _NAMED.findall(sql))
    return max(0, named - len(_ORGANIZATION.findall(sql)))
