"""How much an expression may ask for. Everything is refused before it costs anything."""

from decimal import Decimal

MAX_TEXT = 5_000
#: Parts of the tree: fields, constants, operations.
MAX_NODES = 500
MAX_DEPTH = 60
#: Links that a path may follow.
MAX_PATH = 4
#: Digits of a number in the text.
MAX_DIGITS = 24
#: Whole exponents up to this, both ways.
MAX_EXPONENT = 100
#: Larger numbers are an error.
MAX_NUMBER = Decimal("1e30")
#: Longer texts are an error, so that nothing grows by being repeated.
MAX_CHARACTERS = 100_000
#: Characters that a text can be searched for: searching takes this many times the length of the text.
MAX_PART = 200
#: Steps of one explanation.
MAX_STEPS = 1_000
#: Decimals that every operation keeps.
PLACES = 12
#: Linked records that one aggregate reads for one record; of more its value is an error. Filters count all.
MAX_ITEMS = 10_000
