"""One part of the pack: a heading of its own in the contents, and pages of one orientation or the other."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from collections_app.reports.markup import element


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack, which begins on a new page."""

    key: str
    title: str
    views: tuple["View", ...]

    def markup(self) -> Element:
        """The section; its heading stands above its first view."""
        first, *others = self.views
        heading = element("h2", self.title, id=self.key)
        return element("section", first.markup(heading), *(view.markup() for view in others))


@dataclass(frozen=True, slots=True)
class View:
    """Pages of one orientation; it goes on below the view before it where that has the same."""

    contents: tuple[Element, ...]
    is_landscape: bool = False

    def markup(self, *before: Element) -> Element:
        """The pages, with something before their contents."""
        return element(
            "div", *before, *self.contents, class_="landscape" if self.is_landscape else "portrait"
        )


def block(*contents: Element) -> Element:
    """What stands together on one page, as far as a page can hold it."""
    return element("div", *contents, class_="block")


def subheading(text: str) -> Element:
    """A heading inside a section."""
    return element("h3", text)


def paragraph(text: str, class_: str = "") -> Element:
    """A paragraph; longer than a name may be, since the words are ours."""
    return element("p", text, limit=2_000, class_=class_)


def bullets(texts: "list[str] | tuple[str, ...]") -> Element:
    """A list of sentences."""
    return element("ul", *(element("li", text, limit=2_000) for text in texts))
