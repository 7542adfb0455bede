"""A file that is not taken."""

from django.core.exceptions import ValidationError


class UploadRefused(ValidationError):
    """Says in one plain sentence what is wrong with a file and what to do. Nothing of it was kept."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
