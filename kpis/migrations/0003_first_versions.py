"""Definitions have been as they are since a KPI was made, as far as is known."""

from django.db import migrations

VERSIONED = (
    "key name description kind category level indicator unit decimals direction frequency aggregation source rollup "
    "formula carry_forward due_after_days target_path pace_profile review_cadence on_track_at at_risk_at"
).split()
REFERENCES = ("department_id", "owner_id", "weight_by_id")


def record_first(apps, schema_editor):
    kpis, versions = apps.get_model("kpis", "Kpi"), apps.get_model("kpis", "KpiVersion")
    for organization in apps.get_model("accounts", "Organization").objects.all():
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.organization_id = '{organization.pk}'")
        rows = kpis.objects.filter(organization_id=organization.pk)
        versions.objects.bulk_create([version_of(versions, kpi) for kpi in rows])


def version_of(versions, kpi):
    ids = {name: getattr(kpi, name) for name in REFERENCES}
    definition = {name: getattr(kpi, name) for name in VERSIONED}
    definition |= {name: None if value is None else str(value) for name, value in ids.items()}
    definition["archived_at"] = kpi.archived_at.isoformat() if kpi.archived_at else None
    return versions(
        organization_id=kpi.organization_id, kpi_id=kpi.pk, recorded_at=kpi.created_at, definition=definition
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_first_settings_versions"),
        ("kpis", "0002_formulas_versions_followups"),
    ]
    operations = [migrations.RunPython(record_first, migrations.RunPython.noop)]
