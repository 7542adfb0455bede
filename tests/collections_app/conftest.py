from tests.collecting import collection, gateway, lender, reports_folder, running_gateway

__all__ = ["collection", "gateway", "lender", "reports_folder", "running_gateway"]
