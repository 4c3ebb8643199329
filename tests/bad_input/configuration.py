"""The book's configuration, `_quarto.yml`."""

from bad_input.case import Case, Change, Group, all_of, edited, linked, prefixed, unfolding, written

FILE = "_quarto.yml"


def line(old: str, new: str) -> Change:
    return edited(FILE, old, new)


GROUP = Group(
    "The book's configuration",
    "`_quarto.yml`, with the line that it is about.",
    (
        Case(
            "Not UTF-8",
            written(FILE, b"book: {title: Caf\xe9}\n"),
            "_quarto.yml: byte 17 is not UTF-8 text",
        ),
        Case(
            "A quotation mark that is not closed",
            line('title: "Beds"', 'title: "Beds'),
            "_quarto.yml:8: not valid YAML: did not find expected key",
        ),
        Case(
            "Indented by a tab",
            line("  type: book", "\ttype: book"),
            "_quarto.yml:2: not valid YAML: found character that cannot start any token",
        ),
        Case("Empty file", written(FILE, ""), "_quarto.yml:1: expected a YAML mapping"),
        Case("A list", written(FILE, "- book\n"), "_quarto.yml:1: expected a YAML mapping"),
        Case(
            "A key written twice",
            line("  author:", '  title: "Staff"\n  author:'),
            "_quarto.yml:8: key 'title' stands twice: expected once",
        ),
        Case(
            "A few lines that unfold to gigabytes",
            prefixed(FILE, unfolding(30)),
            "_quarto.yml:21: unfolds to more than 20,000,000 characters",
        ),
        Case(
            "An impossible date",
            line('"2026-11-22"', "2026-13-45"),
            "_quarto.yml: not valid YAML: month must be in 1..12",
        ),
        Case("No book", line("book:\n", "boook:\n"), "_quarto.yml:1: expected a 'book' section"),
        Case(
            "No title",
            line('  title: "Beds"\n', ""),
            "_quarto.yml:6: 'book: title' is missing or empty",
        ),
        Case(
            "A title that is a number",
            line('title: "Beds"', "title: 2026"),
            "_quarto.yml:7: 'book: title: 2026': expected text, in quotation marks",
        ),
        Case(
            "A date that moves",
            line('"2026-11-22"', "today"),
            "_quarto.yml:9: 'book: date' must be a fixed date such as \"2026-11-22\"",
            ("build", "--engine", "embedded"),
        ),
        Case(
            "No chapters",
            written(
                FILE,
                "book: {title: B, author: A, output-file: b, date: '2026-11-22', chapters: []}\n",
            ),
            "_quarto.yml:1: the first chapter must be index.qmd",
        ),
        Case(
            "Chapters that are text",
            written(FILE, "book: {title: B, author: A, output-file: b, chapters: index.qmd}\n"),
            "_quarto.yml:1: 'book: chapters' must be a list",
        ),
        Case(
            "The welcome page is not first",
            line("    - index.qmd\n", ""),
            "_quarto.yml:11: the first chapter must be index.qmd",
        ),
        Case(
            "A chapter that does not exist",
            line("beds.ipynb", "bedz.ipynb"),
            "_quarto.yml:15: chapter 'notebooks/bedz.ipynb' does not exist",
        ),
        Case(
            "A chapter listed twice",
            line("notebooks/profile.ipynb", "notebooks/beds.ipynb"),
            "_quarto.yml:18: chapter 'notebooks/beds.ipynb' stands twice",
        ),
        Case(
            "A chapter outside the project",
            line("notebooks/beds.ipynb", "../beds.ipynb"),
            "_quarto.yml:15: chapter '../beds.ipynb': leads outside the project",
        ),
        Case(
            "A chapter that is a link to a file outside",
            all_of(
                linked("notebooks/out.ipynb", "/etc/hostname"),
                line("notebooks/beds.ipynb", "notebooks/out.ipynb"),
            ),
            "_quarto.yml:15: chapter 'notebooks/out.ipynb': leads outside the project",
        ),
        Case(
            "A chapter of another kind",
            line("notebooks/beds.ipynb", "data/beds.csv"),
            "_quarto.yml:15: chapter 'data/beds.csv': expected a .qmd or .ipynb file",
        ),
        Case(
            "A chapter that is a number",
            line("- notebooks/beds.ipynb", "- 7"),
            "_quarto.yml:15: chapter '7': expected a .qmd or .ipynb file",
        ),
        Case(
            "Two chapters of one name",
            all_of(
                lambda root: (root / "data" / "beds.ipynb").write_text(
                    (root / "notebooks/beds.ipynb").read_text()
                ),
                line("notebooks/profile.ipynb", "data/beds.ipynb"),
            ),
            "data/beds.ipynb: and notebooks/beds.ipynb would both be called 'beds-mid': rename one",
        ),
        Case(
            "A part without chapters",
            line("        - notebooks/beds.ipynb", "        []"),
            "_quarto.yml:13: part 'Beds' has no chapters",
        ),
        Case(
            "A part with a misspelt key",
            line('- part: "Beds"', '- prat: "Beds"'),
            "_quarto.yml:13: expected 'part' and 'chapters'",
        ),
        Case(
            "An output file in another folder",
            line("output-file: beds", "output-file: ../beds"),
            "_quarto.yml:10: 'book: output-file: ../beds': expected a file's name without "
            "its ending, of letters, digits and hyphens",
        ),
        Case(
            "An option that the embedded engine does not know",
            line("lang: en-GB", "lang: en-GB\nwebsite: true"),
            "_quarto.yml:5: the embedded engine does not support the key 'website'",
            ("build", "--engine", "embedded"),
        ),
        Case(
            "An option of the wrong type",
            line(
                "number-sections: true", "number-sections: true\nformat: {html: {toc-depth: deep}}"
            ),
            "_quarto.yml:21: 'format.html.toc-depth: deep' is not supported: expected a "
            "whole number",
            ("build", "--engine", "embedded"),
        ),
    ),
)
