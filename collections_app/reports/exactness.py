"""The arithmetic of the reports: decimal, and never rounded."""

from decimal import Context, Inexact, InvalidOperation

# Wide enough that no sum of ledger amounts is ever rounded; should one be, it raises instead.
EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])
