from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import instants
        from accounts.actions import handing_over
        from accounts.tenancy import checks  # noqa: F401 (registers itself)

        handing_over.register()
        instants.register()
