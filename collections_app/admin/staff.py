"""The people of a lender, and the users behind them."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from collections_app.admin.access import Desk, LenderScoped, OperatorsOnly, desk_of
from collections_app.admin.moments import moment
from collections_app.admin.record import address_of
from collections_app.models import AuthenticatorApp, Lender, StaffMember
from collections_app.services import lenders, second_factor

LINK_DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
PAGES = "admin/collections_app/staffmember"
FIELDSETS = [(None, {"fields": ["email", "role"]})]
OPERATORS_FIELDSETS = [(None, {"fields": ["lender", "email", "role"]})]

if TYPE_CHECKING:
    DjangoUserAdmin = UserAdmin[User]
else:
    DjangoUserAdmin = UserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class OperatorsUserAdmin(OperatorsOnly[User], DjangoUserAdmin):
    """Users as Django has them, for operators. None is deleted: their history would go with them.

    The account of a lender's person is only looked at here. Whoever sets its password or its address signs in
    as that person and sees the figures of borrowers; shutting out is on the page of the member.
    """

    change_form_template = "admin/auth/user/change_form.html"
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Personal info", {"fields": ("first_name", "last_name", "email")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Important dates", {"fields": ("last_sign_in", "joined")}),
    )
    readonly_fields = ("last_sign_in", "joined")

    @admin.display(description="last sign-in")
    def last_sign_in(self, user: User) -> str:
        return moment(user.last_login, Lender(time_zone=settings.TIME_ZONE)) if user.last_login else "Never"

    @admin.display(description="joined")
    def joined(self, user: User) -> str:
        return moment(user.date_joined, Lender(time_zone=settings.TIME_ZONE))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_of_a_lender(obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever leaves is shut out: a deleted user would take its history and its grants along."""
        return False


@admin.register(Group)
class OperatorsGroupAdmin(OperatorsOnly[Group], GroupAdmin):
    """Groups as Django has them, for operators."""


def _is_of_a_lender(user: User | None) -> bool:
    return user is not None and StaffMember.objects.filter(user=user).exists()


class InvitationForm(forms.Form):
    """A new member of a lender's staff; only operators are asked of which lender."""

    lender = forms.ModelChoiceField(queryset=Lender.objects.none(), empty_label="Choose a lender")
    email = forms.EmailField(label="E-mail", help_text="This is also the name to sign in with.")
    role = forms.ChoiceField(choices=StaffMember.Role.choices)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        if desk.is_operator:
            self.fields["lender"].queryset = desk.lenders  # type: ignore[attr-defined]
        else:
            del self.fields["lender"]

    def invite(self) -> tuple[StaffMember, bool] | None:
        """The member, and whether the mail with the link went out; None when it was refused."""
        answers = self.cleaned_data
        member = self.desk.member
        lender = answers["lender"] if self.desk.is_operator or member is None else member.lender
        by: User = self.desk.user  # type: ignore[assignment]
        try:
            return lenders.staff_invite(lender=lender, email=answers["email"], role=answers["role"], by=by)
        except ValidationError as refusal:
            self.add_error(None, ValidationError(refusal.messages))
            return None


if TYPE_CHECKING:
    MemberModelForm = forms.ModelForm[StaffMember]
else:
    MemberModelForm = forms.ModelForm


class MemberForm(MemberModelForm):
    """What a manager changes of a colleague."""

    is_active = forms.BooleanField(
        label="May sign in",
        required=False,
        help_text="Without the tick, the person is shut out at once; what it did stays on the record.",
    )

    class Meta:
        model = StaffMember
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["is_active"].initial = self.instance.user.is_active


@admin.register(StaffMember)
class StaffMemberAdmin(LenderScoped[StaffMember]):
    """Staff see who their colleagues are; managers invite and change them, and nobody changes oneself."""

    form = MemberForm
    list_display = ("email", "short_role", "active", "two_factor", "last_sign_in")
    list_filter = ("role", ("lender", RelatedOnlyFieldListFilter))
    list_select_related = ("user", "lender")
    search_fields = ("user__username",)
    readonly_fields = ("email", "lender_name", "active", "two_factor", "last_sign_in")
    change_form_template = f"{PAGES}/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMember]:
        apps = AuthenticatorApp.objects.filter(user_id=OuterRef("user_id"), confirmed=True)
        return super().get_queryset(request).annotate(has_app=Exists(apps))

    @admin.display(description="e-mail", ordering="user__username")
    def email(self, member: StaffMember) -> str:
        return member.user.get_username()

    @admin.display(description="lender")
    def lender_name(self, member: StaffMember) -> str:
        return member.lender.name

    @admin.display(description="role", ordering="role")
    def short_role(self, member: StaffMember) -> str:
        return member.get_role_display().partition(":")[0]

    @admin.display(description="may sign in", boolean=True, ordering="user__is_active")
    def active(self, member: StaffMember) -> bool:
        return member.user.is_active

    @admin.display(description="two factors", boolean=True)
    def two_factor(self, member: StaffMember) -> bool:
        return bool(getattr(member, "has_app", False))

    @admin.display(description="last sign-in", ordering="user__last_login")
    def last_sign_in(self, member: StaffMember) -> str:
        last = member.user.last_login
        return moment(last, member.lender) if last else "Never"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(1, "lender_name")
        return columns

    def title_of(self, obj: StaffMember) -> str:
        return obj.user.get_username()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One member; there is one way to save and to go on."""
        member, desk = self.get_object(request, object_id), desk_of(request)
        may_read_record = member is not None and desk.may_read_record
        shown = {
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "record_address": address_of(member.lender, member.user) if may_read_record and member else "",
        }
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def get_fieldsets(self, request: HttpRequest, obj: StaffMember | None = None) -> list[Any]:
        may_sign_in = "is_active" if self.has_change_permission(request, obj) else "active"
        shown = ("email", "lender_name", "role", may_sign_in, "two_factor", "last_sign_in")
        return [(None, {"fields": shown})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_manage

    def has_change_permission(self, request: HttpRequest, obj: StaffMember | None = None) -> bool:
        is_own = obj is not None and obj.user_id == request.user.pk
        return desk_of(request).may_manage and self.is_within_reach(request, obj) and not is_own

    def get_readonly_fields(
        self, request: HttpRequest, obj: StaffMember | None = None
    ) -> list[Any] | tuple[Any, ...]:
        """An operator gives no role, see `services.lenders.staff_change`."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "role"] if desk_of(request).is_operator else fields

    def has_delete_permission(self, request: HttpRequest, obj: StaffMember | None = None) -> bool:
        """Whoever leaves is shut out; an operator may take a membership away that nobody ever used."""
        is_used = obj is not None and obj.user.last_login is not None
        return desk_of(request).is_operator and not is_used

    def save_model(
        self, request: HttpRequest, obj: StaffMember, form: forms.ModelForm[StaffMember], change: bool
    ) -> None:
        stored = StaffMember.objects.select_related("user", "lender").get(pk=obj.pk)
        answers = form.cleaned_data
        lenders.staff_change(
            member=stored,
            role=answers.get("role", stored.role),
            is_active=answers["is_active"],
            by=request.user,  # type: ignore[arg-type]
        )

    def log_change(self, request: HttpRequest, obj: StaffMember, message: Any) -> Any:
        """The service keeps the sentence."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"collections_app_staffmember_{name.replace('-', '_')}",
            )
            for name, view in (
                ("reset-code", self.reset_code_view),
                ("sign-out", self.sign_out_view),
                ("password-link", self.password_link_view),
            )
        ]
        return own + super().get_urls()

    def reset_code_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes the second factor of a colleague away, who lost the telephone."""
        member = self._changeable(request, object_id)
        if isinstance(member, HttpResponse):
            return member
        second_factor.second_factor_reset(user=member.user, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "At the next sign-in this person sets up an app again.")
        return redirect(_address(member))

    def sign_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ends every session of a colleague."""
        member = self._changeable(request, object_id)
        if isinstance(member, HttpResponse):
            return member
        lenders.staff_sign_out(member=member, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "This person is signed out everywhere.")
        return redirect(_address(member))

    def password_link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Mails a colleague a link to set a password."""
        member = self._changeable(request, object_id)
        if isinstance(member, HttpResponse):
            return member
        try:
            lenders.password_link_send(user=member.user, by=request.user)  # type: ignore[arg-type]
        except (SMTPException, OSError):
            messages.error(request, "The mail could not be sent just now. Try again in some minutes.")
        else:
            messages.success(request, f"A link was mailed to {member.user.email}. Earlier links still work.")
        return redirect(_address(member))

    def _changeable(self, request: HttpRequest, object_id: str) -> StaffMember | HttpResponse:
        """The colleague; what may be seen is asked before what may be changed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        member = self.get_object(request, object_id)
        if member is None:
            raise Http404("There is no such member of staff.")
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        return member

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invites somebody by mail."""
        desk = desk_of(request)
        if not desk.may_manage:
            raise PermissionDenied
        form = InvitationForm(desk, request.POST or None)
        if request.method == "POST" and form.is_valid():
            invited = form.invite()
            if invited:
                self._tell(request, *invited)
                return redirect(reverse("admin:collections_app_staffmember_changelist"))
        fieldsets = OPERATORS_FIELDSETS if desk.is_operator else FIELDSETS
        shown = helpers.AdminForm(form, fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Invite a colleague",
            "form": form,
            "adminform": shown,
            "errors": form.errors,
        }
        return TemplateResponse(request, f"{PAGES}/add.html", context)

    def _tell(self, request: HttpRequest, member: StaffMember, was_mailed: bool) -> None:
        name = member.user.get_username()
        if was_mailed:
            messages.success(request, f"Invited {name}. The link in the mail works for {LINK_DAYS} days.")
        else:
            messages.warning(
                request,
                f"The mail to {name} could not be sent. That person is a member already: mail the link from "
                "the member's page.",
            )


def _address(member: StaffMember) -> str:
    return reverse("admin:collections_app_staffmember_change", args=[member.pk])
