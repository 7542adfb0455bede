"""The gateway of the in-process collections."""

from tests.collecting import gateway, reports_folder, running_gateway

__all__ = ["gateway", "reports_folder", "running_gateway"]
