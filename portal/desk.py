"""The admin with the lender's own way of signing in."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "collections_app.desk_site.DeskSite"
