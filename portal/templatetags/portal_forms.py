"""What every form that posts has in it. Known to all templates without being loaded."""

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from portal import bound_forms

register = template.Library()


class FormsOwnNode(CsrfTokenNode):
    """Django's token, without which no form is taken, and the request that the form is of."""

    def render(self, context: Context) -> str:
        of_request = getattr(getattr(context, "request", None), "form_is_of", "")
        token = super().render(context)
        if not of_request:
            return token
        field = '{}<input type="hidden" name="{}" value="{}">'
        return format_html(field, token, bound_forms.FIELD, of_request)


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormsOwnNode:
    return FormsOwnNode()
