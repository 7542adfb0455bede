"""Addresses of a lender's own systems that are told what happens, and the log of what they were told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from collections_app.admin.access import Desk, desk_of
from collections_app.admin.moments import moment
from collections_app.admin.shown_once import SecretForm, ShowsSecretOnce
from collections_app.models import Delivery, Lender, Webhook
from collections_app.services import webhooking

MOST_SHOWN = 100
EVENT_WORDS = {
    "collection.started": "the borrower began",
    "collection.collecting": "the borrower pressed Connect",
    "collection.submitted": "everything is here and may be read",
    "collection.returned": "it was given back for correction",
    "collection.withdrawn": "the request ended",
}


class WebhookForm(SecretForm):
    """A new address to be told."""

    url = forms.CharField(
        label="Address", max_length=500, help_text="It begins with https:// and is not inside a network."
    )
    told = forms.MultipleChoiceField(
        label="What it is told",
        choices=[(name, f"{name}: {EVENT_WORDS[name]}") for name in webhooking.TOLD],
        initial=list(webhooking.TOLD),
        widget=forms.CheckboxSelectMultiple,
    )

    def make(self, lender: Lender, desk: Desk) -> tuple[Webhook, str]:
        told = self.cleaned_data["told"]
        # Whoever ticks all is told of what comes later, too.
        chosen = [] if set(told) == set(webhooking.TOLD) else told
        return webhooking.webhook_create(
            lender=lender, url=self.cleaned_data["url"].strip(), told=chosen, by=desk.who
        )


@dataclass(frozen=True)
class Told:
    """A line of the log."""

    number: int
    event: str
    reference: str
    at: str
    outcome: str
    earlier: list[str]
    may_repeat: bool


@admin.register(Webhook)
class WebhookAdmin(ShowsSecretOnce[Webhook]):
    """The webhooks of a lender, each with its log. Addresses are not changed: the secret goes with one."""

    form_class = WebhookForm
    acts = {"stop": "stop_view", "replay": "replay_view"}
    made_title = "The secret of the webhook"
    made_words = (
        "What we send is signed with it, so that the system can tell us from anybody else. The guide “For a "
        "lender's own systems” shows how to check the signature."
    )
    lead = (
        "Your system is told when something happens to a request: which one, and what. No figure and no name "
        "is sent. The secret that signs it is shown once, on the next page."
    )
    submit = "Make the webhook"
    empty_words = "No system is told yet. A webhook tells yours when something happens to a request."
    list_display = ("address", "told", "state", "waiting")
    list_filter = (("lender", RelatedOnlyFieldListFilter),)
    list_select_related = ("lender",)
    search_fields = ("url",)
    fields = ("address", "told", "made", "state", "waiting")
    readonly_fields = fields
    change_form_template = "admin/collections_app/webhook/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        untaken = Count("deliveries", filter=Q(deliveries__delivered_at=None))
        return super().get_queryset(request).annotate(untaken=untaken)

    @admin.display(ordering="url")
    def address(self, webhook: Webhook) -> str:
        return webhook.url

    @admin.display(description="told")
    def told(self, webhook: Webhook) -> str:
        return ", ".join(webhook.events) or "All that happens"

    @admin.display(ordering="created_at")
    def made(self, webhook: Webhook) -> str:
        return moment(webhook.created_at, webhook.lender)

    @admin.display(ordering="stopped_at")
    def state(self, webhook: Webhook) -> str:
        return f"Stopped {moment(webhook.stopped_at, webhook.lender)}" if webhook.stopped_at else "Works"

    @admin.display(description="not taken", ordering="untaken")
    def waiting(self, webhook: Webhook) -> int:
        return int(getattr(webhook, "untaken", 0))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        webhook, shown = self.get_object(request, object_id), {}
        if webhook is not None:
            may_act = desk_of(request).may_manage and not webhook.stopped_at
            log = [_told(each, webhook.lender) for each in webhook.deliveries.order_by("-pk")[:MOST_SHOWN]]
            shown = {"log": log, "may_act": may_act, "most_shown": MOST_SHOWN}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Sends nothing more to the address."""
        webhook = self.posted_row(request, object_id)
        if isinstance(webhook, HttpResponse):
            return webhook
        if webhooking.webhook_stop(webhook=webhook, by=desk_of(request).who):
            self.log_change(request, webhook, "Stopped.")
            messages.success(request, "Nothing more is sent to this address.")
        else:
            messages.warning(request, "It was stopped before.")
        return redirect(self.address_of(webhook))

    def replay_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Has sent again what was not taken, or one line of the log."""
        webhook = self.posted_row(request, object_id)
        if isinstance(webhook, HttpResponse):
            return webhook
        asked = request.POST.get("delivery", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
        if webhook.stopped_at:
            messages.error(request, "It was stopped, so nothing is sent to it. Make another webhook.")
        elif asked and not (number and webhook.deliveries.filter(pk=number).exists()):
            messages.error(request, "That line is not in the log any more.")
        else:
            count = webhooking.deliveries_replay(webhook=webhook, delivery_id=number, by=desk_of(request).who)
            messages.success(request, f"{count} to be sent again, within half a minute.")
        return redirect(self.address_of(webhook) + "#log")


def _told(delivery: Delivery, lender: Lender) -> Told:
    reference = str(json.loads(delivery.body).get("reference", ""))
    return Told(
        delivery.pk,
        delivery.event,
        reference,
        moment(delivery.created_at, lender),
        _outcome(delivery, lender),
        [_earlier(each, lender) for each in delivery.earlier or ()],
        delivery.delivered_at is not None or delivery.tries > 0,
    )


def _earlier(ended: dict[str, Any], lender: Lender) -> str:
    """How a sending ended before it was sent again."""
    if ended["taken_at"]:
        return (
            f"Before: taken {moment(datetime.fromisoformat(ended['taken_at']), lender)} ({ended['answer']})"
        )
    return f"Before: not taken ({ended['answer']}), tries: {ended['tries']}"


def _outcome(delivery: Delivery, lender: Lender) -> str:
    if delivery.delivered_at:
        return f"Taken {moment(delivery.delivered_at, lender)} ({delivery.answer})"
    if not delivery.tries:
        return "To be sent"
    failed = f"Not taken ({delivery.answer})" if delivery.answer else "Being sent"
    if delivery.tries >= webhooking.MOST_TRIES:
        return f"{failed}, given up after {delivery.tries} tries"
    return f"{failed}, try {delivery.tries}; the next at {moment(delivery.try_at, lender)}"
