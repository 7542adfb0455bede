"""Who may see and do what at the lender's desk: the rules that the admin classes inherit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import smart_split

from collections_app import selectors
from collections_app.admin.changes import changes_in_words
from collections_app.events import Who
from collections_app.models import Collection, Event, Lender, StaffMember

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's own class, which annotations may name together with its model."""

        def __class_getitem__(cls, model: type[Model]) -> type[ModelAdmin]:
            return cls


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Desk:
    """What the signed-in person may do.

    An operator (superuser) stands above all lenders and is recorded as such. That opens what keeps the
    service running, and no borrower's figures: those a manager must grant, for one collection and a time.
    """

    user: User | AnonymousUser
    member: StaffMember | None

    @property
    def is_operator(self) -> bool:
        return self.user.is_active and self.user.is_superuser

    @property
    def may_read(self) -> bool:
        return self.is_operator or (self.user.is_active and self.member is not None)

    @property
    def may_manage(self) -> bool:
        """Whether this person may invite, make new links, withdraw, and mend the lender's own details."""
        if self.is_operator:
            return True
        return self.may_read and self.member is not None and self.member.role == StaffMember.Role.MANAGER

    @property
    def may_review(self) -> bool:
        """Whether this person may write down what the lender makes of a collection: notes, questions."""
        return self._has_role(StaffMember.Role.ANALYST, StaffMember.Role.MANAGER)

    @property
    def may_approve(self) -> bool:
        """Whether this person decides for the lender. No operator does, and an auditor changes nothing."""
        return self._has_role(StaffMember.Role.MANAGER)

    @property
    def may_read_record(self) -> bool:
        """Whether this person may read who did and saw what of the lender's. Operators have the events."""
        return self._has_role(StaffMember.Role.MANAGER, StaffMember.Role.AUDITOR)

    def may_read_figures(self, collection: Collection) -> bool:
        """Whether this person may see what the borrower shared: reports, checks, accounts, documents."""
        if self.is_operator:
            return selectors.figures_granted(collection, self.user)
        return self.may_read and self.member is not None and self.member.lender_id == collection.lender_id

    def _has_role(self, *roles: str) -> bool:
        return (
            not self.is_operator and self.may_read and self.member is not None and self.member.role in roles
        )

    @property
    def lenders(self) -> QuerySet[Lender]:
        """The lenders whose rows this person may read: all for an operator, the own one for staff."""
        if self.is_operator:
            return Lender.objects.all()
        if self.member is None or not self.may_read:
            return Lender.objects.none()
        return Lender.objects.filter(pk=self.member.lender_id)

    @property
    def collections(self) -> QuerySet[Collection]:
        """What this person may see."""
        return selectors.collections_for(self.user, self.member)

    @property
    def who(self) -> Who:
        """How the record names this person."""
        if self.is_operator:
            return Who.operator(self.user.get_username())
        return Who(Event.Actor.STAFF, self.user.get_username())


def desk_of(request: HttpRequest) -> Desk:
    """The desk of this request's user, looked up once; each row of a list asks for it."""
    desk: Desk | None = getattr(request, "desk", None)
    if desk is None or desk.user is not request.user:
        desk = Desk(request.user, selectors.staff_member_of(request.user))
        request.desk = desk  # type: ignore[attr-defined]
    return desk


# Each is a condition of its own, and a database takes so many.
MOST_WORDS = 20


def first_words(search_term: str) -> list[str]:
    """What is searched for of what was typed; a text in quotation marks is one word."""
    return list(islice(smart_split(search_term), MOST_WORDS))


class DeskRows(ModelAdmin[Row]):
    """What all rows of the desk have in common: every change and deletion reaches the record of events, with
    what it was about, and a search takes as many words as a database does.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, " ".join(first_words(search_term)))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """One by one: several at once Django writes in bulk, of which no signal tells the record."""
        entries: list[Any] = []
        for row in queryset:
            # Any rows in order will do, and Django itself gives a list.
            entries += super().log_deletions(request, [row])  # type: ignore[arg-type]
        return entries

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Django's own history names the fields; here it also says from what to what."""
        if add or not form.changed_data:
            return super().construct_change_message(request, form, formsets, add)
        return changes_in_words(form)


class LenderScoped(DeskRows[Row]):
    """Rows that belong to a lender: each person meets the own lender's rows alone, wherever rows are read.

    Objects, lists, counts, searches, filters, actions, autocompletes, history and downloads all start from
    `get_queryset`; what may be chosen in a form starts from `related_rows`. The permissions ask once more
    whose the object is. Whoever may read may view; adding and changing are for the subclass to grant, and
    nobody deletes.
    """

    lender_path = "lender"
    # What an empty list says.
    empty_words = "There is none yet."

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list is called what its rows are."""
        name = str(self.opts.verbose_name_plural)
        shown = {"title": name[0].upper() + name[1:], "empty_words": self.empty_words}
        return super().changelist_view(request, shown | (extra_context or {}))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        """The page of a row is called what the row is."""
        if obj is not None:
            context |= {"title": self.title_of(obj), "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def title_of(self, obj: Row) -> str:
        """What heads the page of a row."""
        return str(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return super().get_queryset(request).filter(**{f"{self.lender_path}__in": desk_of(request).lenders})

    def is_within_reach(self, request: HttpRequest, obj: Row | None) -> bool:
        """Whether the object is one of the person's own lender; without an object, whether any can be."""
        desk = desk_of(request)
        if obj is None or desk.is_operator:
            return desk.may_read
        return desk.may_read and desk.member is not None and self._owner_id(obj) == desk.member.lender_id

    def _owner_id(self, obj: Row) -> Any:
        owner: Any = obj
        for name in self.lender_path.split("__"):
            owner = getattr(owner, name)
        return getattr(owner, "pk", owner)

    def related_rows(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        """The rows of another model that this person may choose from; None when they belong to no lender.

        What is registered at the desk is chosen from what the desk shows of it.
        """
        if model is Lender:
            return desk_of(request).lenders
        if model is Collection:
            return desk_of(request).collections
        registered = self.admin_site._registry.get(model)
        return registered.get_queryset(request) if registered else None

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        rows = self.related_rows(request, db_field.related_model)
        if rows is not None:
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        rows = self.related_rows(request, db_field.related_model)
        if rows is not None:
            kwargs["queryset"] = rows
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """A filter by a related row lists that row's names, so that only operators get one."""
        filters = list(super().get_list_filter(request))
        if desk_of(request).is_operator:
            return filters
        return [each for each in filters if not self._lists_related_rows(each)]

    def _lists_related_rows(self, list_filter: Any) -> bool:
        name = list_filter[0] if isinstance(list_filter, tuple) else list_filter
        return isinstance(name, str) and self.opts.get_field(name).is_relation

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own, with times in the zone of the person's lender."""
        member = desk_of(request).member
        with timezone.override(ZoneInfo(member.lender.time_zone) if member else None):
            response = super().history_view(request, object_id, extra_context)
            return response.render() if isinstance(response, TemplateResponse) else response

    def has_module_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_read

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.is_within_reach(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class OperatorsOnly(DeskRows[Row]):
    """Rows of the whole instance, whatever permissions Django's own tables may grant to staff."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """For staff there are none, so that an id that exists answers like one that does not."""
        rows = super().get_queryset(request)
        return rows if desk_of(request).is_operator else rows.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).is_operator

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return desk_of(request).is_operator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).is_operator

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return desk_of(request).is_operator

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return desk_of(request).is_operator
