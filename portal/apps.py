from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The borrower's pages. No models: an app so that its template tags and commands load."""

    name = "portal"

    def ready(self) -> None:
        from portal import staff_sessions  # noqa: F401  (hears of each sign-in)
