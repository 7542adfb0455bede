from tests.collecting import (
    broken_mail,
    collection,
    gateway,
    lender,
    pack,
    quick_files,
    reports_folder,
    running_gateway,
    workbook,
)

__all__ = [
    "broken_mail",
    "collection",
    "gateway",
    "lender",
    "pack",
    "quick_files",
    "reports_folder",
    "running_gateway",
    "workbook",
]
