#!/usr/bin/env python
"""Django's command line: `python manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Runs a command. A wrong setting or an unready database is one sentence, unless --traceback asks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        if isinstance(error, ImproperlyConfigured):
            sys.exit(str(error))
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"The database is not ready ({reason}). Check DATABASE_URL, and run `manage.py migrate`.")


if __name__ == "__main__":
    main()
