"""The people of a lender, and the users behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from collections_app.admin.access import LenderScoped, OperatorsOnly, desk_of
from collections_app.admin.moments import moment
from collections_app.models import Lender, StaffMember
from collections_app.services import lenders

LINK_DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
PAGES = "admin/collections_app/staffmember"
FIELDSETS = [(None, {"fields": ["lender", "email", "role"]})]

if TYPE_CHECKING:
    DjangoUserAdmin = UserAdmin[User]
else:
    DjangoUserAdmin = UserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class OperatorsUserAdmin(OperatorsOnly[User], DjangoUserAdmin):
    """Users as Django has them, for operators."""


@admin.register(Group)
class OperatorsGroupAdmin(OperatorsOnly[Group], GroupAdmin):
    """Groups as Django has them, for operators."""


class StaffForm(forms.Form):
    """A new member of a lender's staff."""

    lender = forms.ModelChoiceField(queryset=Lender.objects.all(), empty_label="Choose a lender")
    email = forms.EmailField(label="E-mail", help_text="This is also the user name.")
    role = forms.ChoiceField(choices=StaffMember.Role.choices)

    def create(self) -> tuple[StaffMember, str] | None:
        """The member and the one-time address for the password of a password; None when refused."""
        try:
            return lenders.staff_create(**self.cleaned_data)
        except ValidationError as refusal:
            self.add_error(None, ValidationError(refusal.messages))
            return None


@admin.register(StaffMember)
class StaffMemberAdmin(LenderScoped[StaffMember]):
    """Staff see who their colleagues are; operators make, change and remove memberships."""

    list_display = ("email", "role", "active", "last_sign_in")
    list_filter = ("role", ("lender", RelatedOnlyFieldListFilter))
    list_select_related = ("user", "lender")
    search_fields = ("user__username",)
    fields = ("email", "lender_name", "role")
    readonly_fields = ("email", "lender_name")

    @admin.display(description="e-mail", ordering="user__username")
    def email(self, member: StaffMember) -> str:
        return member.user.get_username()

    @admin.display(description="lender")
    def lender_name(self, member: StaffMember) -> str:
        return member.lender.name

    @admin.display(boolean=True, ordering="user__is_active")
    def active(self, member: StaffMember) -> bool:
        return member.user.is_active

    @admin.display(description="last sign-in", ordering="user__last_login", empty_value="Never")
    def last_sign_in(self, member: StaffMember) -> str | None:
        last = member.user.last_login
        return moment(last, member.lender) if last else None

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(1, "lender_name")
        return columns

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).is_operator

    def has_change_permission(self, request: HttpRequest, obj: StaffMember | None = None) -> bool:
        return desk_of(request).is_operator

    def has_delete_permission(self, request: HttpRequest, obj: StaffMember | None = None) -> bool:
        return desk_of(request).is_operator

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Makes the user and the membership, and shows once the address for setting a password."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StaffForm(request.POST or None)
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        if request.method == "POST" and form.is_valid():
            created = form.create()
            if created:
                member, url = created
                self.log_addition(request, member, "Added.")
                context |= {
                    "title": "The link for the new member",
                    "member": member,
                    "url": url,
                    "days": LINK_DAYS,
                }
                return TemplateResponse(request, f"{PAGES}/link.html", context)
        shown = helpers.AdminForm(form, FIELDSETS, {}, model_admin=self)  # type: ignore[arg-type]
        context |= {"title": "Add a staff member", "form": form, "adminform": shown, "errors": form.errors}
        return TemplateResponse(request, f"{PAGES}/add.html", context)
