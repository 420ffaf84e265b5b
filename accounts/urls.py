"""Pages about people and organizations: the site's own first, then those inside an organization at ``/<slug>/``."""

from django.urls import path

from accounts.views import audit, departments, entrance, invitations, members, organizations, outbox, profile, tokens

app_name = "accounts"

site = [
    path("", entrance.landing, name="landing"),
    path("organizations/", organizations.organization_list, name="organization-list"),
    path("organizations/new/", organizations.organization_new, name="organization-new"),
    path("organizations/new/address/", organizations.slug_preview, name="slug-preview"),
    path("me/", profile.profile, name="profile"),
    path("me/verification/", profile.verification_send, name="verification-send"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/accept/", invitations.invitation_accept, name="invitation-accept"),
    path("invitations/<str:token>/switch/", invitations.invitation_switch, name="invitation-switch"),
    path("dev/outbox/", outbox.outbox, name="outbox"),
    path("dev/outbox/<uuid:name>/", outbox.outbox_letter, name="outbox-letter"),
]

organization = [
    path("<slug:slug>/settings/", organizations.settings, name="settings"),
    path("<slug:slug>/settings/change/", organizations.settings_change, name="settings-change"),
    path("<slug:slug>/settings/members/", members.member_list, name="member-list"),
    path("<slug:slug>/settings/members/invite/", members.member_invite, name="member-invite"),
    path("<slug:slug>/settings/members/<uuid:member_id>/", members.member_edit, name="member-edit"),
    path("<slug:slug>/settings/members/<uuid:member_id>/resend/", members.invitation_resend, name="invitation-resend"),
    path("<slug:slug>/settings/members/<uuid:member_id>/remove/", members.member_remove, name="member-remove"),
    path("<slug:slug>/settings/leave/", members.leave, name="leave"),
    path("<slug:slug>/settings/departments/", departments.department_list, name="department-list"),
    path("<slug:slug>/settings/departments/add/", departments.department_add, name="department-add"),
    path("<slug:slug>/settings/departments/<uuid:department_id>/", departments.department_edit, name="department-edit"),
    path(
        "<slug:slug>/settings/departments/<uuid:department_id>/shift/",
        departments.department_shift,
        name="department-shift",
    ),
    path(
        "<slug:slug>/settings/departments/<uuid:department_id>/archive/",
        departments.department_archive,
        name="department-archive",
    ),
    path(
        "<slug:slug>/settings/departments/<uuid:department_id>/restore/",
        departments.department_restore,
        name="department-restore",
    ),
    path("<slug:slug>/settings/tokens/", tokens.token_list, name="token-list"),
    path("<slug:slug>/settings/tokens/new/", tokens.token_new, name="token-new"),
    path("<slug:slug>/settings/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("<slug:slug>/settings/audit/", audit.audit_log, name="audit-log"),
]

urlpatterns = [*site, *organization]
