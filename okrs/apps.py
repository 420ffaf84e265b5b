from django.apps import AppConfig


class OkrsConfig(AppConfig):
    name = "okrs"

    def ready(self) -> None:
        from accounts.consequences import after_settings_change
        from okrs import belongings
        from okrs.actions.following import follow_settings, hear_of_scores

        belongings.register()
        after_settings_change(follow_settings)
        hear_of_scores()
