"""`createwebhook`, `listwebhooks`, `stopwebhook` and `replaywebhook`"""

import json
from typing import Any

from collections_app.models import Delivery, Event, Lender, Webhook
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_a_webhook_from_its_making_to_its_end(manage: Manage, lender: Lender, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    url = "http://127.0.0.1:9/hook"
    made = manage("createwebhook", "--lender", "harbor", "--url", url, "--event", "collection.submitted")
    assert (made.code, made.last[:4]) == (0, "whs_")
    webhook = Webhook.objects.get()
    assert made.last not in str(Webhook.objects.values()) + str(Event.objects.values())
    listed = json.loads(manage("listwebhooks", "--lender", "harbor", "--json").out)
    assert (listed["url"], listed["events"]) == (url, "collection.submitted")
    body = json.dumps({"reference": "AB-12"})
    sent = Delivery.objects.create(webhook=webhook, event="collection.submitted", body=body, answer="500")
    logged = json.loads(manage("listwebhooks", "--log", str(webhook.pk), "--json").out)
    assert (logged["delivery"], logged["reference"], logged["answer"]) == (sent.pk, "AB-12", "500")
    assert manage("replaywebhook", str(webhook.pk)).last == "1 to be sent again."
    assert is_one_sentence(manage("replaywebhook", str(webhook.pk), "--delivery", "999999"))
    assert manage("stopwebhook", str(webhook.pk)).code == 0
    assert is_one_sentence(manage("stopwebhook", str(webhook.pk)))
    assert is_one_sentence(manage("stopwebhook", "999999"))
    refused = manage("createwebhook", "--lender", "harbor", "--url", "https://10.0.0.1/")
    assert is_one_sentence(refused) and "inside a network" in refused.error


def test_a_new_webhook_is_printed_as_json(manage: Manage, lender: Lender, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    url = "http://127.0.0.1:9/hook"
    told = json.loads(manage("createwebhook", "--lender", "harbor", "--url", url, "--json").out)
    assert told.pop("secret").startswith("whs_")
    listed = json.loads(manage("listwebhooks", "--json").out)
    assert told == {name: listed[name] for name in ("webhook", "lender", "url", "events")}
