from tests.collecting import broken_mail, collection, gateway, lender, reports_folder, running_gateway

__all__ = ["broken_mail", "collection", "gateway", "lender", "reports_folder", "running_gateway"]
