"""The lender's desk and the operator's, in Django admin."""

from django.contrib import admin

from collections_app.admin.api_keys import ApiKeyAdmin
from collections_app.admin.collections import CollectionAdmin
from collections_app.admin.grants import FiguresGrantAdmin
from collections_app.admin.lenders import LenderAdmin
from collections_app.admin.mapping import MappingTemplateAdmin
from collections_app.admin.operations import EventAdmin
from collections_app.admin.request_templates import RequestTemplateAdmin
from collections_app.admin.staff import StaffMemberAdmin
from collections_app.admin.webhooks import WebhookAdmin

__all__ = [
    "ApiKeyAdmin",
    "CollectionAdmin",
    "EventAdmin",
    "FiguresGrantAdmin",
    "LenderAdmin",
    "MappingTemplateAdmin",
    "RequestTemplateAdmin",
    "StaffMemberAdmin",
    "WebhookAdmin",
]

# The borrower's side has no page that staff could "view".
admin.site.site_url = None
admin.site.index_title = "Desk"
# The few links of the desk stand in the header instead, and leave the width to the figures.
admin.site.enable_nav_sidebar = False
