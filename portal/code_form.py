"""The form for a code from a mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.services.proving import DIGITS

DECORATION = " \t\u00a0\u200b-\u2013"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits from the mail"),
        max_length=40,
        error_messages={
            "required": _("Enter the six digits from the mail."),
            "max_length": _("The code has six digits. Enter these alone."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """The digits alone: how they were grouped is nobody's mistake."""
        code: str = self.cleaned_data["code"].translate(dict.fromkeys(map(ord, DECORATION)))
        if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
            raise forms.ValidationError(_("The code has six digits. Enter these alone."))
        return code
