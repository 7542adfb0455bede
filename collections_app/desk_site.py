"""The admin site: who is let in, and how one signs in with two factors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import django_otp
import segno
from axes.models import AccessLog
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters

from collections_app import selectors, vault
from collections_app.audit import signals
from collections_app.desk_looks import recorded
from collections_app.desk_passwords import OwnPasswordView
from collections_app.models import Event, Lender, StaffMember
from collections_app.services import lenders, second_factor

CODE_LENGTH = 40
APP_BEGUN = "app_begun"
# Cookies stay: a borrower's visit in the same browser is somebody else's.
CLEARED = '"cache", "storage"'
logger = logging.getLogger(__name__)


SiteView = Callable[["DeskSite", HttpRequest], HttpResponse]


def unless_a_key_is_missing(view: SiteView) -> SiteView:
    """Says in words that the operator's vault key is gone; recovery codes need none and still open."""

    @wraps(view)
    def guarded(site: DeskSite, request: HttpRequest) -> HttpResponse:
        try:
            return view(site, request)
        except vault.VaultError as error:
            logger.error("The second factor of %s cannot be read: %s", request.user.get_username(), error)
            title = "Your app cannot be asked just now"
            return site._sign_in_page(request, "key_missing.html", title, {}, status=503)

    return guarded


# The model whose list people at the desk work with.
FIRST = "Collection"


class SignInForm(AdminAuthenticationForm):
    """Names are e-mail addresses, which nobody means to be particular about capitals in.

    One sentence for every wrong sign-in, so that it does not say which names there are.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "This name and this password do not belong together. Check both and try again.",
    }

    def clean_username(self) -> str:
        given: str = self.cleaned_data["username"].strip()
        users = get_user_model().objects
        return given if users.filter(username=given).exists() else given.lower()


class CodeForm(forms.Form):
    """The code of the app, or where it is gone one of the recovery codes."""

    code = forms.CharField(
        label="Code",
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class OwnSettingsForm(forms.Form):
    """Which mails a member of staff gets."""

    mails = forms.MultipleChoiceField(
        choices=StaffMember.Mail.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Tell me by mail when",
    )


class DeskSite(AdminSite):
    """Stock admin, entered with a password and, where the setting says so, the code of an app."""

    login_form = SignInForm

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """As Django has it, by name, with what the desk is for in front."""
        apps: list[Any] = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: model["object_name"] != FIRST)
        return sorted(apps, key=lambda app: all(model["object_name"] != FIRST for model in app["models"]))

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not self.wants_second_factor(request)

    def wants_second_factor(self, request: HttpRequest) -> bool:
        """Whether the password was right, and the second factor is still to come."""
        user: Any = request.user
        return bool(settings.STAFF_TWO_FACTOR) and not user.is_verified()

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(recorded(view), cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own: list[URLPattern | URLResolver] = [
            path("code/", self.code_view, name="code"),
            path("set-up-code/", self.set_up_code_view, name="set_up_code"),
            path("your-settings/", self.admin_view(self.own_settings_view), name="own_settings"),
            path("recovery-codes/", self.admin_view(self.recovery_codes_view), name="recovery_codes"),
        ]
        return own + super().get_urls()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The password; who has given it already goes on to the code."""
        if request.method == "GET" and self._is_half_in(request):
            return redirect(self._address("admin:code", request))
        return super().login(request, {"title": "Sign in", **(extra_context or {})})

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Ends the session, and has the browser forget what it kept of the pages."""
        response = super().logout(request, extra_context)
        response.headers["Clear-Site-Data"] = CLEARED
        return response

    def password_change(  # type: ignore[override]  # it leads on once it is done
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The own password; as Django has it, and on the record."""
        context = self.each_context(request) | (extra_context or {})
        done = reverse("admin:password_change_done")
        return OwnPasswordView.as_view(success_url=done, extra_context=context)(request)

    @method_decorator(sensitive_post_parameters("code"))
    @unless_a_key_is_missing
    def code_view(self, request: HttpRequest) -> HttpResponse:
        """Asks for the code of the app; the session then begins anew, so that earlier copies end."""
        if not self._is_half_in(request):
            return redirect("admin:index")
        user = _user(request)
        if not second_factor.is_set_up(user):
            return redirect(self._address("admin:set_up_code", request))
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                device = second_factor.code_check(user=user, code=form.cleaned_data["code"])
            except second_factor.TooManyCodes as refusal:
                return self._wait(request, refusal.until)
            if device:
                self._let_in(request, device)
                return redirect(self._next(request))
            form.add_error("code", "This code is not right, or was used already. Wait for the next one.")
        return self._sign_in_page(request, "second_factor.html", "Enter the code", {"form": form})

    @method_decorator(sensitive_post_parameters("code"))
    @unless_a_key_is_missing
    def set_up_code_view(self, request: HttpRequest) -> HttpResponse:
        """Sets up an app at the first sign-in; the recovery codes are shown once, in the answer."""
        if not self._is_half_in(request):
            return redirect("admin:index")
        user = _user(request)
        if second_factor.is_set_up(user):
            return redirect(self._address("admin:code", request))
        app = second_factor.enrolment_begin(user=user, begun=request.session.get(APP_BEGUN))
        request.session[APP_BEGUN] = app.pk
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                code = "".join(form.cleaned_data["code"].split())
                codes = second_factor.enrolment_finish(app=app, code=code)
            except second_factor.TooManyCodes as refusal:
                return self._wait(request, refusal.until)
            if codes:
                self._let_in(request, app)
                return self._codes_page(request, codes)
            form.add_error(
                "code", "This code is not right. Check the clock of your device, then try the next."
            )
        context = {"form": form, "picture": picture(app.address), "key": app.key_to_type}
        return self._sign_in_page(request, "set_up_second_factor.html", "Set up your second factor", context)

    def own_settings_view(self, request: HttpRequest) -> HttpResponse:
        """What a person decides alone: its mails; and the way to password and recovery codes."""
        user = _user(request)
        member = selectors.staff_member_of(user)
        form = OwnSettingsForm(request.POST or None, initial={"mails": member.mails if member else []})
        if member and request.method == "POST" and "sign_out" in request.POST:
            lenders.staff_sign_out(member=member, by=user)
            return redirect("admin:own_settings")
        if member and request.method == "POST" and form.is_valid():
            lenders.mails_choose(member=member, mails=form.cleaned_data["mails"])
            messages.success(request, "Your choice is kept.")
            return redirect("admin:own_settings")
        context = {
            **self.each_context(request),
            "title": "Your settings",
            "form": form,
            "member": member,
            "has_app": second_factor.is_set_up(user),
            "codes_left": second_factor.recovery_codes_left(user),
            "sign_ins": sign_ins_of(user, member.lender if member else None),
        }
        return TemplateResponse(request, "admin/own_settings.html", context)

    @method_decorator(sensitive_post_parameters("code"))
    @unless_a_key_is_missing
    def recovery_codes_view(self, request: HttpRequest) -> HttpResponse:
        """New recovery codes for somebody who is in, against a code of the app."""
        user = _user(request)
        if not second_factor.is_set_up(user):
            raise PermissionDenied
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                device = second_factor.code_check(user=user, code=form.cleaned_data["code"])
            except second_factor.TooManyCodes as refusal:
                return self._wait(request, refusal.until)
            if device:
                codes = second_factor.recovery_codes_make(user=user)
                return self._codes_page(request, codes)
            form.add_error("code", "This code is not right, or was used already. Wait for the next one.")
        context = {"form": form, "left": second_factor.recovery_codes_left(user)}
        return self._sign_in_page(request, "recovery_codes.html", "New recovery codes", context)

    def _is_half_in(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and self.wants_second_factor(request)

    def _let_in(self, request: HttpRequest, device: Any) -> None:
        signals.note_sign_in(_user(request), request)
        request.session.cycle_key()
        django_otp.login(request, device)

    def _next(self, request: HttpRequest) -> str:
        asked = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(
            asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return asked if is_ours else reverse("admin:index")

    def _address(self, name: str, request: HttpRequest) -> str:
        query = request.META.get("QUERY_STRING", "")
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def _wait(self, request: HttpRequest, until: Any) -> HttpResponse:
        seconds = max(1, round((until - timezone.now()).total_seconds()))
        context = {"wait": in_words(seconds)}
        return self._sign_in_page(request, "wait_for_code.html", "Too many wrong codes", context, status=429)

    def _codes_page(self, request: HttpRequest, codes: list[str]) -> HttpResponse:
        context = {"codes": codes, "next": self._next(request)}
        return self._sign_in_page(request, "recovery_codes_made.html", "Keep your recovery codes", context)

    def _sign_in_page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        shared = {"title": title, "site_title": self.site_title, "site_header": self.site_header}
        return TemplateResponse(request, f"admin/sign_in/{template}", shared | context, status=status)


def sign_ins_of(user: User, lender: Lender | None) -> list[tuple[str, str]]:
    """When the person was let in lately, newest first, and from which address, as long as that is kept."""
    # The package registers its pages with this site, so that it cannot be imported before there is one.
    from collections_app.admin.moments import moment

    zone_of = lender or Lender(time_zone=settings.TIME_ZONE)
    done = Event.objects.filter(action=signals.SIGNED_IN, actor=user.get_username()).order_by("-pk")[:5]
    told = [(each.at, _session_of(each)) for each in done]
    # The sign-in with the password knows the address, and is forgotten after SIGN_IN_LOG_DAYS.
    kept = AccessLog.objects.filter(session_hash__in=[session for _at, session in told if session])
    addresses = dict(kept.values_list("session_hash", "ip_address"))
    return [(moment(at, zone_of), addresses.get(session) or "") for at, session in told]


def _session_of(event: Event) -> str:
    """Empty where the vault's key is missing: the time is told all the same."""
    try:
        return str(event.data_still_kept().get("session", ""))
    except vault.VaultError:
        return ""


def picture(address: str) -> SafeString:
    """The address as a picture for a camera, drawn into the page: nothing is fetched, no style is set."""
    made = segno.make(address, error="m")
    svg = made.svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr-code", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # noqa: S308  # drawn by the library from the address: it holds no text of it


def in_words(seconds: int) -> str:
    """ "20 seconds", "3 minutes": rounded up."""
    if seconds < 90:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{-(-minutes // 60)} hours"


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
