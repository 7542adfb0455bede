from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CollectionsConfig(AppConfig):
    name = "collections_app"
    verbose_name = "Collections"

    def ready(self) -> None:
        from collections_app import checks  # noqa: F401  (registers the system checks)
        from collections_app.audit import guards, signals

        signals.connect()
        pre_migrate.connect(guards.remove_before_migrate, sender=self, dispatch_uid=guards.TABLE)
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid=guards.TABLE)
