"""`/metrics`: the installation's numbers in Prometheus' own text format, for who knows the token."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from collections_app.measuring import measures

PREFIX = "strongbox"


class FromRows(Collector):
    """The measures as families of metrics: those of one name together."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}
        for measure in measures():
            if measure.name not in families:
                kind = CounterMetricFamily if measure.is_total else GaugeMetricFamily
                families[measure.name] = kind(
                    f"{PREFIX}_{measure.name}", "See docs/operations.md.", labels=list(measure.labels)
                )
            families[measure.name].add_metric(list(measure.labels.values()), measure.value)
        yield from families.values()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without a token in the settings, 401 for a wrong one."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse("Send the token.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(FromRows())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
