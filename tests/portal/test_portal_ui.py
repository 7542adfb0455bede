"""Fields, the error summary, dates, times and amounts, as the pages show them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from portal.code_form import CodeForm
from portal.colleague import ColleagueForm
from portal.flow.journey import Journey
from portal.flow.step import Step
from portal.signing_in import SignInForm
from portal.steps.review import ConsentForm
from portal.templatetags import portal_ui


class TenantForm(forms.Form):
    name = forms.CharField(label="Name", error_messages={"required": "Type a name."})
    secret = forms.CharField(label="Secret", required=False, widget=forms.PasswordInput)
    side = forms.ChoiceField(
        choices=[("left", "Left"), ("right", "Right")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a side."},
    )


def rendered(template: str, **context: Any) -> str:
    return Template("{% load portal_ui %}" + template).render(Context(context))


def test_a_field_ties_its_label_its_hint_and_its_error_to_the_control() -> None:
    page = rendered('{% field form.name hint="As on the letter." %}', form=TenantForm({}))
    assert '<label class="field__label" for="id_name">Name</label>' in page
    assert 'aria-describedby="id_name_hint id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<p class="field__hint" id="id_name_hint">As on the letter.</p>' in page
    assert 'id="id_name_error"' in page


@pytest.mark.parametrize(
    ("form", "field", "asked"),
    [
        (SignInForm, "company_id", "organization"),
        (SignInForm, "user_id", "username"),
        (SignInForm, "password", "current-password"),
        (ConsentForm, "name", "name"),
        (ConsentForm, "title", "organization-title"),
        (ColleagueForm, "email", "email"),
        (CodeForm, "code", "one-time-code"),
    ],
)
def test_a_field_says_to_the_browser_what_it_asks_and_has_no_placeholder(
    form: type[forms.Form], field: str, asked: str
) -> None:
    page = rendered("{% field field %}", field=form()[field])
    assert f'autocomplete="{asked}"' in page
    assert "placeholder" not in page
    assert "<label" in page


def test_a_field_without_hint_and_error_describes_nothing() -> None:
    page = rendered("{% field form.name %}", form=TenantForm())
    assert "aria-describedby" not in page
    assert "aria-invalid" not in page


def test_only_a_password_has_the_button_that_shows_it_and_the_button_waits_for_the_script() -> None:
    page = rendered("{% field form.secret %}", form=TenantForm())
    assert "data-password" in page
    assert "hidden" in page
    assert "data-password" not in rendered("{% field form.name %}", form=TenantForm())


def test_a_typed_password_never_comes_back() -> None:
    page = rendered("{% field form.secret %}", form=TenantForm({"secret": "geheim"}))
    assert "geheim" not in page


def test_what_was_typed_is_escaped() -> None:
    page = rendered("{% field form.name %}", form=TenantForm({"name": "<b>x"}))
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_the_error_summary_leads_to_each_field_and_to_the_first_of_several_buttons() -> None:
    form = TenantForm({})
    form.add_error(None, "The two do not fit.")
    errors = list(portal_ui.summarized_errors(form))
    assert [(error.text, error.target) for error in errors] == [
        ("The two do not fit.", ""),
        ("Type a name.", "id_name"),
        ("Choose a side.", "id_side_0"),
    ]


def test_the_error_summary_takes_the_focus_and_is_not_there_without_errors() -> None:
    page = rendered("{% error_summary form %}", form=TenantForm({}))
    assert 'tabindex="-1" autofocus' in page
    assert '<a href="#id_name">Type a name.</a>' in page
    assert rendered("{% error_summary form %}", form=TenantForm()).strip() == ""


def test_a_step_knows_its_place_and_what_is_before_it() -> None:
    steps = [SimpleNamespace(title=title) for title in ("One", "Two", "Three")]
    journey = SimpleNamespace(
        steps=steps, number=lambda step: steps.index(step) + 1, before=lambda step: steps[0]
    )
    position = portal_ui.position_in(cast(Journey, journey), cast(Step, steps[1]))
    assert (position.number, position.total) == (2, 3)
    assert position.before is cast(Step, steps[0])
    assert [mark.state for mark in position.marks] == ["done", "current", "to come"]


def test_a_date_has_its_month_as_a_word() -> None:
    assert portal_ui.written_out(date(2020, 3, 1)) == "March 1, 2020"
    assert portal_ui.month_and_year(date(2020, 3, 1)) == "March 2020"


def test_a_time_is_told_in_the_lenders_zone_and_names_it() -> None:
    at = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)
    assert portal_ui.moment(at, "America/Toronto") == "November 30, 2026, 11:05 PM EST"
    assert portal_ui.moment(at, "UTC") == "December 1, 2026, 4:05 AM UTC"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234567.5", "1,234,567.50"),
        ("-1234.5", "(1,234.50)"),
        ("0", "0.00"),
        ("0.125", "0.125"),
        ("1E+3", "1,000.00"),
        ("99999999999999999.99", "99,999,999,999,999,999.99"),
    ],
)
def test_an_amount_is_exact_grouped_and_in_brackets_when_negative(amount: str, text: str) -> None:
    assert portal_ui.money(Decimal(amount)) == text


def test_amounts_and_dates_follow_the_readers_language() -> None:
    with translation.override("de"):
        assert portal_ui.money(Decimal("1234.5")) == "1.234,50"
        assert portal_ui.whole_number(12345) == "12.345"
