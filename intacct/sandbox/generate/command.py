"""`python -m intacct.sandbox generate FOLDER`."""

import argparse
from datetime import date
from pathlib import Path

from intacct.sandbox.generate.group import make_group
from intacct.sandbox.generate.plan import Options
from intacct.sandbox.generate.writer import PASSWORD, USER, write_group


def generate(arguments: list[str]) -> int:
    """Write a company folder; the exit code is 0 only on success."""
    parsed = _parser().parse_args(arguments)
    options = Options(
        company_id=parsed.company_id,
        seed=parsed.seed,
        entities=parsed.entities,
        accounts=parsed.accounts,
        months=parsed.months,
        lines=parsed.gl_lines,
        documents=parsed.invoices,
        first_fiscal_month=parsed.first_fiscal_month,
        end=parsed.end,
    )
    write_group(make_group(options), parsed.folder)
    print(f"Company folder: {parsed.folder}")
    print(f"Sign-in: company={options.company_id} user={USER} password={PASSWORD}")
    return 0


def _parser() -> argparse.ArgumentParser:
    defaults = Options()
    parser = argparse.ArgumentParser(
        prog="python -m intacct.sandbox generate",
        description="Write a company folder whose books balance, the same for the same arguments.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--company-id", default=defaults.company_id)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--entities", type=_between(1, 200), default=defaults.entities, metavar="N")
    parser.add_argument(
        "--accounts", type=_between(0, 99_999), default=0, metavar="N", help="at least so many accounts"
    )
    parser.add_argument("--months", type=_between(1, 240), default=defaults.months, metavar="N")
    parser.add_argument(
        "--gl-lines", type=_between(0, 20_000_000), default=0, metavar="N", help="at least so many lines"
    )
    parser.add_argument(
        "--invoices",
        type=_between(1, 5_000_000),
        default=defaults.documents,
        metavar="N",
        help="invoices and bills a year, together",
    )
    parser.add_argument(
        "--first-fiscal-month", type=_between(1, 12), default=defaults.first_fiscal_month, metavar="N"
    )
    parser.add_argument(
        "--end", type=_day, default=defaults.end, metavar="YYYY-MM-DD", help="ends with the last full month"
    )
    return parser


class _between:
    """A whole number between two bounds, both allowed."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not text.isdigit() or not self._least <= int(text) <= self._most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {self._least} to {self._most}."
            )
        return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD.") from error
