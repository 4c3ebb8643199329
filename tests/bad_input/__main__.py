"""Print the catalogue as a page."""

from bad_input.page import page

print(page(), end="")
