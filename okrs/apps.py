from django.apps import AppConfig


class OkrsConfig(AppConfig):
    name = "okrs"

    def ready(self) -> None:
        from accounts.consequences import after_arrival, after_settings_change
        from okrs import belongings
        from okrs.actions.following import follow_settings, hear_of_scores
        from okrs.actions.reminding import expect_mornings

        belongings.register()
        after_settings_change(follow_settings)
        after_arrival(expect_mornings)
        hear_of_scores()
