"""How many requests a token may make in a minute, counted in the database and so across all processes."""

import datetime as dt
import math
from typing import Final

from django.conf import settings
from django.db import connection

from accounts.models import ApiToken

WINDOW: Final = dt.timedelta(minutes=1)


def count_request(token: ApiToken, now: dt.datetime) -> int:
    """Count one request; 0 if it may go ahead, else the seconds to wait.

    A window begins with the first request after the last one ended. Losing a count in a crash of the database does no
    harm, so nobody waits for it to reach the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            """
            INSERT INTO accounts_requestcount (organization_id, token_id, since, requests) VALUES (%s, %s, %s, 1)
            ON CONFLICT (organization_id, token_id) DO UPDATE SET
                since = CASE WHEN accounts_requestcount.since > excluded.since - interval '1 minute'
                             THEN accounts_requestcount.since ELSE excluded.since END,
                requests = CASE WHEN accounts_requestcount.since > excluded.since - interval '1 minute'
                                THEN accounts_requestcount.requests + 1 ELSE 1 END
            RETURNING since, requests
            """,
            [token.organization_id, token.pk, now],
        )
        since, requests = cursor.fetchone() or (now, 1)
    if requests <= settings.API_REQUESTS_PER_MINUTE:
        return 0
    return max(1, math.ceil((since + WINDOW - now).total_seconds()))
