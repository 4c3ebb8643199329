"""Parameters on the command line and in a notebook's own cell."""

from bad_input.case import Case, Change, Group, notebook, nothing


def given(*texts: str, did: str, says: str) -> Case:
    """Return the case of a build with parameters, those of the 2009 case over all evidence."""
    options = tuple(part for text in texts for part in ("-p", text))
    whole = texts[0].partition("=")[0] in OF_THE_CASE
    return Case(did, nothing, says, ("build", *options), whole_evidence=whole)


def cell(source: str, name: str = "beds") -> Change:
    """Change the parameters cell of a notebook."""
    return notebook(name, lambda content: content["cells"][0].update(source=source))


OF_THE_CASE = ("discount_rate", "slippage_months", "savings", "start_date", "interim_share")

GROUP = Group(
    "Parameters",
    "Given with `-p NAME=VALUE`, or in the cell of a notebook that is tagged `parameters`. A value "
    "is never run as code.",
    (
        given(
            "senario=mid",
            did="Misspelt the name",
            says="unknown parameter 'senario': expected one of borough, priority, scenario, "
            "savings, start_date, slippage_months, interim_share, contribution_basis, "
            "discount_rate, price_base, saving_correlation, as_of (did you mean scenario?)",
        ),
        given(
            "scenario=middling",
            did="A value that is none of those allowed",
            says="unknown scenario 'middling': expected one of best, mid, worst",
        ),
        given(
            "scenario=",
            did="No value",
            says="unknown scenario '': expected one of best, mid, worst",
        ),
        given("scenario", did="No equals sign", says="-p scenario: expected NAME=VALUE"),
        given("=mid", did="No name", says="-p =mid: expected NAME=VALUE"),
        given(
            "scenario=mid",
            "scenario=best",
            did="Given twice",
            says="-p scenario: given twice, mid and best: expected once",
        ),
        given(
            "borough=Brent",
            did="A borough by its name",
            says="unknown borough 'Brent': expected one of nwl, brent, ealing (did you mean "
            "brent?)",
        ),
        given(
            "borough=",
            did="An empty borough",
            says="unknown borough '': expected one of nwl, brent, ealing",
        ),
        given(
            "priority=1",
            did="One priority for a whole book",
            says="-p priority: every edition has all priorities; use 'nwlbook run "
            "notebooks/priority-trajectory.ipynb -p priority=…' for one",
        ),
        given(
            "discount_rate=high",
            did="A word where a number belongs",
            says="parameter discount_rate=high: expected per cent a year above -100 and up to 100",
        ),
        given(
            "discount_rate=nan",
            did="NaN",
            says="parameter discount_rate=nan: expected per cent a year above -100 and up to 100",
        ),
        given(
            "discount_rate=inf",
            did="Infinity",
            says="parameter discount_rate=inf: expected per cent a year above -100 and up to 100",
        ),
        given(
            "discount_rate=1e308",
            did="A huge number",
            says="parameter discount_rate=1e308: expected per cent a year above -100 and up to 100",
        ),
        given(
            "discount_rate=3,5",
            did="A decimal comma",
            says="parameter discount_rate=3,5: expected per cent a year above -100 and up to 100",
        ),
        given(
            "slippage_months=2.5",
            did="A fraction where a whole number belongs",
            says="parameter slippage_months=2.5: expected whole months from 0 to 42, so that "
            "rollout falls into the years of the case",
        ),
        given(
            "slippage_months=" + "9" * 5000,
            did="A number of thousands of digits",
            says=f"parameter slippage_months={'9' * 80}…: expected at most 200 characters",
        ),
        given(
            "slippage_months=1_0",
            did="An underscore in a number",
            says="parameter slippage_months=1_0: expected whole months from 0 to 42, so that "
            "rollout falls into the years of the case",
        ),
        given(
            "saving_correlation=2",
            did="Above its range",
            says="parameter saving_correlation=2: expected a number from 0 to 1",
        ),
        given(
            "as_of=22/11/2026",
            did="A British date",
            says="parameter as_of=22/11/2026: expected a day such as 2026-11-22",
        ),
        given(
            "start_date=2009-07-15",
            did="A day that is not the first of its month",
            says="parameter start_date=2009-07-15: expected 'published' or the first day of a "
            "month from 2009-04-01 to 2013-03-01, such as 2009-09-01",
        ),
        given(
            "savings=0,2,6",
            did="A list of another length",
            says="parameter savings=0,2,6: expected 'scenario' or 4 percentages from 0 to 100, "
            "one for each year, such as 0,2,6,10",
        ),
        given(
            "interim_share=140",
            did="A percentage above 100",
            says="parameter interim_share=140: expected 'published' or a percentage from 0 to 100",
        ),
        given(
            "scenario=__import__('os').system('date')",
            did="Code instead of a value",
            says="unknown scenario '__import__('os').system('date')': expected one of best, "
            "mid, worst",
        ),
        given(
            "scenario=../../etc/passwd",
            did="A path instead of a value",
            says="unknown scenario '../../etc/passwd': expected one of best, mid, worst",
        ),
        given(
            "scenario=mid\nerror: done",
            did="A line break in a value",
            says=r"unknown scenario 'mid\nerror: done': expected one of best, mid, worst",
        ),
        Case(
            "Notebook: an unknown parameter",
            cell('year = "mid"'),
            "notebooks/beds.ipynb: unknown parameter 'year': expected one of borough, "
            "priority, scenario, savings, start_date, slippage_months, interim_share, "
            "contribution_basis, discount_rate, price_base, saving_correlation, as_of",
        ),
        Case(
            "Notebook: a value out of its domain",
            cell('scenario = "middle"'),
            "notebooks/beds.ipynb: unknown scenario 'middle': expected one of best, mid, "
            "worst (did you mean mid?)",
        ),
        Case(
            "Notebook: true where a whole number belongs",
            cell("priority = True"),
            "notebooks/beds.ipynb: parameter priority=True: expected one of 1, 2",
        ),
        Case(
            "Notebook: code instead of a value",
            cell("scenario = __import__('os').getcwd()"),
            "notebooks/beds.ipynb: cell 1: parameter 'scenario' is not a plain text, "
            "number, True or False",
        ),
        Case(
            "Notebook: a list",
            cell('scenario = ["mid"]'),
            "notebooks/beds.ipynb: cell 1: parameter 'scenario' is not a plain text, "
            "number, True or False",
        ),
        Case(
            "Notebook: an unhashable key",
            cell("scenario = {[]: 1}"),
            "notebooks/beds.ipynb: cell 1: parameter 'scenario' is not a plain text, "
            "number, True or False",
        ),
        Case(
            "Notebook: an import among the parameters",
            cell('import os\nscenario = "mid"'),
            "notebooks/beds.ipynb: cell 1: line 1 is not of the form NAME = VALUE",
        ),
        Case(
            "Notebook: given twice",
            cell('scenario = "mid"\nscenario = "best"'),
            "notebooks/beds.ipynb: cell 1: parameter 'scenario' is given twice",
        ),
        Case(
            "Notebook: not Python",
            cell('scenario = "mid'),
            "notebooks/beds.ipynb: cell 1: not Python: unterminated string literal "
            "(detected at line 1) in line 1",
        ),
        Case(
            "Notebook: infinity",
            cell("discount_rate = 1e999"),
            "notebooks/beds.ipynb: parameter discount_rate=inf: expected per cent a year "
            "above -100 and up to 100",
            whole_evidence=True,
        ),
        Case(
            "Notebook: a NUL character",
            cell('scenario = "mi\0d"'),
            "notebooks/beds.ipynb: cell 1: not Python: source code string cannot contain "
            "null bytes",
        ),
        Case(
            "Notebook: brackets nested a thousand deep",
            cell("scenario = " + "(" * 1000),
            "notebooks/beds.ipynb: cell 1: not Python: too many nested parentheses in line 1",
        ),
    ),
)
