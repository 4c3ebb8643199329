"""The description of the tables, `data/datapackage.yaml`."""

from bad_input.case import Case, Group, all_of, edited, prefixed, removed, unfolding, written

FILE = "data/datapackage.yaml"
BEDS = "- name: beds\n  path: beds.csv\n"

GROUP = Group(
    "Description of the tables",
    "What `data/datapackage.yaml` says of each table.",
    (
        Case(
            "Not YAML: a bracket is not closed",
            edited(FILE, "name: beds\nresources", "name: [beds\nresources"),
            "data/datapackage.yaml:2: not valid YAML: did not find expected ',' or ']'",
        ),
        Case(
            "Not YAML: indented by a tab",
            written(FILE, "resources:\n\t- name: beds\n"),
            "data/datapackage.yaml:2: not valid YAML: found character that cannot start any token",
        ),
        Case(
            "Not a list of resources",
            edited(FILE, "resources:", "resource:"),
            "data/datapackage.yaml: expected a data package with a list of resources",
        ),
        Case(
            "Key written twice",
            edited(FILE, BEDS, BEDS + "  path: bedz.csv\n"),
            "data/datapackage.yaml:36: key 'path' stands twice: expected once",
        ),
        Case(
            "An alias of itself",
            edited(FILE, "name: beds\nresources", "name: beds\ntitle: &name [*name]\nresources"),
            "data/datapackage.yaml:2: alias '*name': expected a value before it",
        ),
        Case(
            "A few lines that unfold to gigabytes",
            prefixed(FILE, unfolding(30)),
            "data/datapackage.yaml:21: unfolds to more than 20,000,000 characters",
        ),
        Case(
            "Brackets nested without end",
            written(FILE, "resources: " + "[" * 200_000),
            "data/datapackage.yaml:1: nested deeper than 100 levels",
        ),
        Case(
            "Not UTF-8",
            written(FILE, b"title: caf\xe9\nresources: []\n"),
            "data/datapackage.yaml: byte 10 is not UTF-8 text",
        ),
        Case(
            "An impossible date",
            edited(FILE, "minimum: 2000-01-01", "minimum: 2000-13-01"),
            "data/datapackage.yaml: not valid YAML: month must be in 1..12",
        ),
        Case(
            "A resource without a path",
            edited(FILE, BEDS, "- name: beds\n"),
            "data/datapackage.yaml: resource 5: expected a name and a path",
        ),
        Case(
            "Two resources of one name",
            edited(FILE, BEDS, BEDS.replace("s\n", "s\n").replace("name: beds", "name: areas")),
            "data/datapackage.yaml: resource 'areas' is described twice",
        ),
        Case(
            "A path out of the folder",
            edited(FILE, "path: beds.csv", "path: ../beds.csv"),
            "data/datapackage.yaml: resource 'beds': path '../beds.csv': expected a path "
            "inside data/",
        ),
        Case(
            "A path from the top",
            edited(FILE, "path: beds.csv", "path: /etc/passwd"),
            "data/datapackage.yaml: resource 'beds': path '/etc/passwd': expected a path "
            "inside data/",
        ),
        Case(
            "Another encoding",
            edited(FILE, BEDS + "  encoding: utf-8", BEDS + "  encoding: latin-1"),
            "data/datapackage.yaml: resource 'beds': encoding 'latin-1': expected 'utf-8'",
        ),
        Case(
            "An unknown type",
            edited(FILE, "{name: open, type: boolean}", "{name: open, type: yes/no}"),
            "data/datapackage.yaml: resource 'beds': field 'open': type 'yes/no': expected "
            "one of string, integer, number, boolean, date, year",
        ),
        Case(
            "A limit of another type",
            edited(FILE, "constraints: {minimum: 0, maximum: 100}", "constraints: {minimum: none}"),
            "data/datapackage.yaml: resource 'beds': field 'share': minimum 'none': "
            "expected a number",
        ),
        Case(
            "A constraint that nothing checks",
            edited(FILE, "constraints: {minimum: 2000-01-01}", "constraints: {after: 2000-01-01}"),
            "data/datapackage.yaml: resource 'beds': constraint \"after\" is not supported "
            'by type "date"',
        ),
        Case(
            "A key without columns",
            edited(
                FILE,
                "    primaryKey: area\n    foreignKeys:",
                "    primaryKey: null\n    foreignKeys:",
            ),
            "data/datapackage.yaml: resource 'beds': primaryKey 'None': expected a column or "
            "a list of columns",
        ),
        Case(
            "A table that observations need is described no longer",
            all_of(
                edited(FILE, "- name: indicators\n", "- name: markers\n"),
                written(
                    "data/observations/waits.csv",
                    "indicator,area,date,value,source\nwaits,RYJ,2025-03-01,70,A survey\n",
                ),
            ),
            "data/datapackage.yaml: no resource 'indicators': expected one of areas, beds, "
            "markers, measures, organisations, priorities, savings-scenarios, sources",
        ),
        Case(
            "A reference to a table that is not there",
            edited(FILE, "resource: areas, fields", "resource: places, fields"),
            "data/datapackage.yaml: resource 'beds': foreign key 'area': resource \"places\" "
            "does not exist",
        ),
        Case(
            "A reference to a column that is not there",
            edited(FILE, "{resource: areas, fields: area}", "{resource: areas, fields: slug}"),
            "data/datapackage.yaml: resource 'beds': foreign key 'area': 'areas' has no "
            "column 'slug': expected one of area, name, kind",
        ),
        Case(
            "A table that the book needs is described no longer",
            all_of(
                edited(
                    FILE,
                    "- name: priorities\n  path: priorities.csv\n",
                    "- name: aims\n  path: priorities.csv\n",
                ),
            ),
            "data/datapackage.yaml: no resource 'priorities': expected one of aims, areas, "
            "beds, indicators, measures, organisations, savings-scenarios, sources",
        ),
        Case(
            "A column that the book needs was renamed, in the table and here",
            all_of(
                edited(FILE, "{name: scenario, type", "{name: case, type"),
                edited("data/savings-scenarios.csv", "scenario\n", "case\n"),
            ),
            "table 'savings-scenarios': no column 'scenario', which the book reads: found case",
        ),
        Case(
            "The file is not there",
            removed(FILE),
            "no _quarto.yml with data/datapackage.yaml in {folder} or above it",
        ),
    ),
)
