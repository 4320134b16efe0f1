"""Texts of expressions that nobody honest writes, about deals of the garage."""

#: What is no expression: refused wherever one is read.
REFUSED = {
    "dunder name": "__class__",
    "dunder path": "amount.__class__.__mro__",
    "dunder behind a link": "client.__dict__ = 1",
    "import": '__import__("os").system("id") = 0',
    "eval": 'eval("1") = 1',
    "bracketed code": "[__import__('os')] = 1",
    "huge exponent": "amount^999999999 > 1",
    "number without end": "9" * 400 + " > 1",
    "deep brackets": "(" * 2_400 + "1" + ")" * 2_400 + " > 0",
    "deep calls": "ABS(" * 1_000 + "1" + ")" * 1_000 + " > 0",
    "deep negation": "NOT(" * 1_000 + "TRUE" + ")" * 1_000,
    "signs in a row": "-" * 4_000 + "1 > 0",
    "many parts": " AND ".join(["TRUE"] * 800),
    "long path": "client." * 600 + "name = 1",
    "200 kB": "1+" * 100_000 + "1 > 0",
    "200 kB in quotation marks": f'title = "{"а" * 200_000}"',
    "full-width look-alike": "ａｍｏｕｎｔ > 1",
    "Cyrillic look-alike": "аmount > 1",
    "zero-width space": "amo\u200bunt > 1",
    "turned direction": "amount \u202e> 1",
    "NUL": "amount > 1\x00",
    "second statement": "amount > 1; DROP TABLE records_record",
    "comment": "amount > 1 -- ",
    "unclosed": 'title = "',
}

#: What is one, and must cost little and do no harm.
HARMLESS = {
    "powers of powers": "9^9^9^9 > 1",
    "powers of a field": "((amount^100)^100)^100 > 1",
    "product of powers": "(amount^100) * (amount^100) > 1",
    "text repeated": f"LEN(CONCAT({'; '.join(['comment'] * 400)})) > 1",
    "text repeated with signs": f"LEN({' & '.join(['comment'] * 50)}) > 1",
    "a text within itself": "CONTAINS(comment; comment)",
    "smallest of the smallest": f"{'MIN(1; ' * 28}amount{')' * 28} > 1",
    "matching that goes back and forth": f'CONTAINS(comment; "{"а" * 2_000}б")',
    "patterns": f'CONTAINS(comment; "{"%_" * 1_000}")',
    "backslashes": 'title = "\\" OR title = "\\%"',
    "quotation marks": 'title = "\'; DROP TABLE records_record; --"',
    "many choices": f"IFS({'; '.join(f'amount > {n}; {n}' for n in range(110))}; 0) > 5",
    "steps without end": f"SUM(client.deals.amount; {' OR '.join(['client.deals.amount > 1'] * 50)}) > 1",
    "dates out of the calendar": "TODAY() + 999999999 > TODAY() AND EDATE(TODAY(); 99999) > TODAY()",
    "division by zero": "1 / 0 > 1",
}
