"""A throw-away PostgreSQL for one test run, so that two runs, or one beside `make run`, never meet."""

import shutil
from pathlib import Path

from config.embedded import Cluster

# What tests need beyond `deploy/roles.sql`: databases of their own, which inherit from template1 that the runtime role
# may use what the owner creates, and the emptying of tables after tests with real transactions.
FOR_TESTS = """
ALTER ROLE ladder_owner CREATEDB;
GRANT USAGE ON SCHEMA public TO ladder_app, ladder_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO ladder_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public GRANT ALL ON SEQUENCES TO ladder_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public GRANT SELECT ON TABLES TO ladder_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO ladder_backup;
"""


class ThrowAway(Cluster):
    """A cluster that is gone when stopped; it ends with this process, even if that is killed."""

    def stop(self) -> None:
        super().stop()
        shutil.rmtree(self.socket, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def start(home: Path) -> Cluster:
    """Make and start a cluster in ``home``, which must be this run's alone; its workers reach it by the same path."""
    cluster = ThrowAway(home, durable=False)
    cluster.ensure()
    cluster.psql("-d", "template1", "-c", FOR_TESTS)
    return cluster
