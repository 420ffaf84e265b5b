"""A throw-away PostgreSQL for one test run, so that two runs, or one beside `make run`, never meet."""

import os
import shutil
import tempfile
from pathlib import Path

from config.embedded import Cluster

SHARED = "LADDER_TEST_CLUSTER"

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


class Borrowed(Cluster):
    """The cluster of the pytest run that started this worker; who borrows it does not stop it."""

    def stop(self) -> None:
        pass


class ThrowAway(Cluster):
    """A cluster in a temporary folder, gone when stopped; it ends with this process, even if that is killed."""

    def stop(self) -> None:
        os.environ.pop(SHARED, None)
        super().stop()
        shutil.rmtree(self.socket, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def start() -> Cluster:
    """The run's cluster: made by the pytest process that comes first, found by its workers through the environment."""
    if SHARED in os.environ:
        return Borrowed(Path(os.environ[SHARED]), durable=False)
    cluster = ThrowAway(Path(tempfile.mkdtemp(prefix="ladder-test-")), durable=False)
    cluster.ensure()
    cluster.psql("-d", "template1", "-c", FOR_TESTS)
    os.environ[SHARED] = str(cluster.home)
    return cluster
