from collections_app.management.steering import SteeringCommand
from collections_app.services.steering import run_pause


class Command(SteeringCommand):
    help = (
        "Pauses the run of a collection: no further part is begun, what is in hand is finished and kept. "
        "resumecollection goes on."
    )
    service = run_pause
    name = "pauserun"
