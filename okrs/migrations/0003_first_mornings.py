"""Organizations that are there already have their mornings, too; the first run finds out when."""

from django.db import migrations

BEGIN = """
INSERT INTO accounts_wakeup (organization_id, kind, due_at)
SELECT id, 'okrs.tasks.send_reminders', now() FROM accounts_organization
ON CONFLICT (organization_id, kind) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("okrs", "0002_reminder")]
    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
