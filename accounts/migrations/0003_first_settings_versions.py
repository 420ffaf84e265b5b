"""Settings have been as they are since an organization was founded, as far as is known."""

from django.db import migrations

VERSIONED = ("currency", "time_zone", "fiscal_year_start", "week_starts_on", "on_track_at", "at_risk_at")


def record_first(apps, schema_editor):
    organizations = apps.get_model("accounts", "Organization").objects.all()
    version = apps.get_model("accounts", "SettingsVersion")
    for organization in organizations:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.organization_id = '{organization.pk}'")
        version.objects.create(
            organization_id=organization.pk,
            recorded_at=organization.created_at,
            settings={name: getattr(organization, name) for name in VERSIONED},
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_settings_versions")]
    operations = [migrations.RunPython(record_first, migrations.RunPython.noop)]
