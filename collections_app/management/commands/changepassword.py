import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import User

from collections_app.services import staff_record


class Command(changepassword.Command):
    """Django's own, which tells nobody; this one is on the record."""

    def handle(self, *args: Any, **options: Any) -> str:
        said = super().handle(*args, **options)
        user = User.objects.get(username=options["username"] or getpass.getuser())
        staff_record.note(user, "A password was set.")
        return str(said)
