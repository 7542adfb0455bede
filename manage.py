#!/usr/bin/env python
"""Django's command line: `python manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Runs a command. A wrong setting or an unready database is one sentence, unless --traceback asks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.conf import settings
    from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        try:
            execute_from_command_line(sys.argv)
        except AppRegistryNotReady:
            # Django's own commands begin without settings and stumble later: ask what is wrong with them.
            _ = settings.INSTALLED_APPS
            raise
        finally:
            # What is short is written only here: unless it is asked for now, Python complains at its own end.
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output, such as head, has enough. What is still to be written goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        if isinstance(error, ImproperlyConfigured):
            sys.exit(str(error))
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"The database is not ready ({reason}). Check DATABASE_URL, and run `manage.py migrate`.")


if __name__ == "__main__":
    main()
