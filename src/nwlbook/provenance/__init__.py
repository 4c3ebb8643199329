"""Proof that each number of the evidence stands where its locator says.

`texts` reads the source texts, `outline` finds a locator's place in one, `numbers` reads
what is printed there, `proof` holds a row against its place, `ledger` keeps the result.
"""
