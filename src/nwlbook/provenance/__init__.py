"""Proof that each number of the evidence stands where its locator says.

`texts` reads the source texts, `outline` their headings; `locators` finds the place that a
locator names, `numbers` reads what is printed there, `proof` holds a row against its place
and `ledger` keeps the result.
"""
