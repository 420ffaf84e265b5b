"""A person's place in one organization. A global table: reached by user or by organization."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from uuid_utils.compat import uuid7

from accounts.models.invitations import Invitation
from accounts.models.organizations import Organization
from accounts.models.users import User
from accounts.tenancy.constraints import CompositeForeignKey
from accounts.tenancy.models import TenantForeignKey

SEEN_EVERY = dt.timedelta(minutes=3)
VISIT_ENDS_AFTER = dt.timedelta(minutes=30)


class Role(models.TextChoices):
    """What a member may do; each role includes the ones after it."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    EDITOR = "editor", "Editor"
    CONTRIBUTOR = "contributor", "Contributor"
    VIEWER = "viewer", "Viewer"

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) <= order.index(other)

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Role.OWNER: "Everything, including who else is an owner.",
    Role.ADMIN: "Manages people, departments, settings and API tokens.",
    Role.EDITOR: "Defines KPIs and targets and enters values for all of them.",
    Role.CONTRIBUTOR: "Sees everything, edits and feeds only what they own.",
    Role.VIEWER: "Sees everything, changes nothing.",
}


class MemberQuerySet(models.QuerySet["Member"]):
    def of_organization(self, organization_id: UUID) -> "MemberQuerySet":
        """Everybody who belongs to it now, those invited and not yet arrived included."""
        return self.filter(organization_id=organization_id, removed_at=None)

    def arrived(self) -> "MemberQuerySet":
        return self.filter(user__isnull=False)

    def reminded(self) -> "MemberQuerySet":
        """Those who are written to when something is due: they want to be, and their address is verified."""
        return self.filter(
            user__is_active=True,
            user__is_reminded=True,
            user__emailaddress__verified=True,
            user__emailaddress__email__iexact=F("user__email"),
        )

    def without_letter(self) -> "MemberQuerySet":
        """Those who have not arrived and have no letter to answer; call it inside their organization."""
        return self.filter(~Exists(Invitation.objects.unanswered().filter(member=OuterRef("pk"))), user=None)

    def with_email(self, email: str) -> "MemberQuerySet":
        """Those reached at an address: arrived with it, or invited at it."""
        return self.filter(Q(user__email__iexact=email) | Q(user=None, invited_email__iexact=email))

    def for_request(self, user: User, slug: str) -> "MemberQuerySet":
        """The one membership in whose name a page of an organization is shown."""
        return self.select_related("organization", "user").filter(user=user, organization__slug=slug, removed_at=None)

    def latest_of(self, user: User) -> "MemberQuerySet":
        """A person's memberships, the organization visited last first."""
        mine = self.select_related("organization").filter(user=user, removed_at=None)
        return mine.order_by(F("last_seen_at").desc(nulls_last=True), "organization__created_at")

    def by_name(self) -> "MemberQuerySet":
        return self.select_related("user").order_by("user__name", "user__email", "invited_email", "id")


class Member(models.Model):
    """Invited by address first (``user`` is null, but they can own KPIs already), then arrived, perhaps removed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.DO_NOTHING, related_name="members", db_index=False, editable=False
    )
    organization_id: UUID
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", null=True, editable=False)
    invited_email = models.EmailField(blank=True, editable=False)
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    department = TenantForeignKey("accounts.Department", null=True, blank=True, related_name="members")
    joined_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    # When the visit before the current one ended: "since your last visit" counts from here.
    previous_visit_at = models.DateTimeField(null=True, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            # The target of composite foreign keys.
            models.UniqueConstraint(fields=["organization", "id"], name="accounts_member_key"),
            models.UniqueConstraint(
                fields=["organization", "user"], condition=Q(user__isnull=False), name="accounts_member_user"
            ),
            models.UniqueConstraint(
                fields=["organization", "invited_email"],
                condition=Q(user__isnull=True, removed_at__isnull=True),
                name="accounts_member_invited",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(invited_email=""), name="accounts_member_reachable"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_member_role"),
            CompositeForeignKey(field="department", name="accounts_member_department_fk"),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.invited_email

    @property
    def email(self) -> str:
        return self.user.email if self.user else self.invited_email

    @property
    def has_arrived(self) -> bool:
        return self.user_id is not None

    @property
    def is_admin(self) -> bool:
        """For templates: whether people, departments, settings and tokens are this member's to manage."""
        return self.has_role(Role.ADMIN)

    def note_visit(self, now: dt.datetime) -> None:
        """Remember that the member is here, to a few minutes; after a pause a new visit begins."""
        last = self.last_seen_at
        if last is not None and now - last < SEEN_EVERY:
            return
        if last is not None and now - last >= VISIT_ENDS_AFTER:
            self.previous_visit_at = last
        self.last_seen_at = now
        self.save(update_fields=["last_seen_at", "previous_visit_at"])

    def has_role(self, role: Role) -> bool:
        """Whether this member's role is, or includes, the given one."""
        return Role(self.role).includes(role)
