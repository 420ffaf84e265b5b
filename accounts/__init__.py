"""Who: organizations, departments, members, roles, invitations, API tokens, tenancy and the audit log."""
