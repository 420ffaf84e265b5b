"""The tables of ``accounts``, one concept per module."""

from accounts.models.audit import AuditEntry
from accounts.models.departments import Department
from accounts.models.idempotency import IdempotentRequest
from accounts.models.invitations import Invitation
from accounts.models.limits import RequestCount
from accounts.models.members import Member, Role
from accounts.models.organizations import Organization
from accounts.models.outbox import OutboxMessage
from accounts.models.settings_versions import SettingsVersion
from accounts.models.tokens import ApiToken, Scope
from accounts.models.users import User
from accounts.models.wakeups import Wakeup

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Department",
    "IdempotentRequest",
    "Invitation",
    "Member",
    "Organization",
    "OutboxMessage",
    "RequestCount",
    "Role",
    "Scope",
    "SettingsVersion",
    "User",
    "Wakeup",
]
