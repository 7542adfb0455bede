"""A public page that says whether a file is what was collected. Nothing of the file is kept."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from collections_app import rate_limit
from collections_app.services.verifying import file_verify
from collections_app.uploads.limits import MEGABYTE, MOST_BYTES
from portal import access


class VerifyForm(forms.Form):
    file = forms.Field(
        label=gettext_lazy("The file"),
        error_messages={"required": gettext_lazy("Choose a file first.")},
        widget=forms.FileInput(),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file = cast("UploadedFile[Any]", self.cleaned_data["file"])
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                gettext(
                    "This page takes files up to %(most)d MB. Check the manifest.json of a larger credit "
                    "file here, or ask the operator to run “manage.py verify”."
                )
                % {"most": MOST_BYTES // MEGABYTE}
            )
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Takes one file and says what it is."""
    asked = request.method == "POST"
    caller = access.caller(request)
    if asked and rate_limit.VERIFICATIONS.reached(caller):
        return render(request, "errors/too_many_tries.html", status=429)
    form = VerifyForm(request.POST, request.FILES) if asked else VerifyForm()
    found = None
    if asked:
        rate_limit.VERIFICATIONS.count_failure(caller)
        if form.is_valid():
            found = file_verify(cast(BinaryIO, form.cleaned_data["file"].file))
    status = 422 if asked and form.errors else 200
    return render(request, "portal/verify.html", {"form": form, "found": found}, status=status)
