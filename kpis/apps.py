from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from accounts.consequences import after_settings_change
        from kpis import belongings
        from kpis.actions.stale import restate_all

        belongings.register()
        after_settings_change(restate_all)
