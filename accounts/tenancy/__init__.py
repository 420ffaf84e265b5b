"""Isolation of organizations in three layers, each covering another's hole.

1. Scoped fetches: ``TenantManager`` adds the ``organization_id`` predicate of the entered organization and raises
   without one.
2. Row-level security, enabled and forced on every tenant table (``RowLevelSecurity``).
3. Composite foreign keys (``CompositeForeignKey``), so that no row can point into another organization.
"""
