from collections_app.management.steering import SteeringCommand
from collections_app.services.steering import run_retry


class Command(SteeringCommand):
    help = (
        "Tries at once what waits: for Sage Intacct, for the operator, or for the borrower while the "
        "password is still kept."
    )
    service = run_retry
    name = "retryrun"
