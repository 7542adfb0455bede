"""What was changed in a form, from what to what, as the history tells it."""

from __future__ import annotations

from typing import Any

from django import forms

# A longer text says nothing to who reads a list of changes.
LONGEST_VALUE = 100
NOTHING = "none"


def changes_in_words(form: forms.ModelForm[Any]) -> str:
    """A sentence for each field: "Days of a link: 14 to 7. Terms changed." """
    return " ".join(_change(form, name) for name in form.changed_data)


def _change(form: forms.ModelForm[Any], name: str) -> str:
    field = form.fields.get(name)
    label = str(field.label or name) if field else name.capitalize()
    if field is None or _is_untold(field):
        return f"{label} changed."
    before = _shown(field, form.get_initial_for_field(field, name))
    after = _shown(field, field.clean(form[name].data))
    if max(len(before), len(after)) > LONGEST_VALUE:
        return f"{label} changed."
    return f"{label}: {before} to {after}."


def _is_untold(field: forms.Field) -> bool:
    """Long texts, files, lists of rows, and passwords above all."""
    is_large = isinstance(field, (forms.FileField, forms.ModelMultipleChoiceField))
    return is_large or isinstance(field.widget, (forms.Textarea, forms.PasswordInput))


def _shown(field: forms.Field, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(value, (list, tuple)):
        is_all = {str(each) for each in value} >= set(labels)
        return "all" if is_all else ", ".join(labels.get(str(each), str(each)) for each in value)
    if str(getattr(value, "pk", value)) in labels:
        return labels[str(getattr(value, "pk", value))]
    return f"{value:,}" if isinstance(value, int) else str(value)
