"""What stops the demo, in one sentence for whoever started it."""


class DemoError(Exception):
    """The demo cannot start or go on. The text says what is wrong and what to do."""
