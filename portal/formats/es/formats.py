"""Numbers as they are written in the Spanish of the United States, Mexico and Central America.

An amount then looks the same on the page, in the reports and in Sage Intacct itself; with the comma for
decimals that Django brings from Spain, 1,234 on the one would be 1.234 on the other.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
