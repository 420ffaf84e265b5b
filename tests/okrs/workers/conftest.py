from tests.kpis.workers.conftest import acme, folders, processes

__all__ = ["acme", "folders", "processes"]
