"""The web server's entrance: `gunicorn portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from collections_app import vault

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# A bad key must stop the start, not the first borrower who types a password.
vault.keys()
