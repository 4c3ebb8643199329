import pandas as pd
import pytest

from helpers.downloads import offer_download
from helpers.errors import ExhibitError


def offer(**changes) -> None:
    settings = {
        "data": pd.DataFrame({"area": ["brent", "ealing"], "cost": [0.1 + 0.2, None]}),
        "name": "net-benefit",
        "title": "net benefit by area",
        "sources": [pd.DataFrame({"source_id": ["case"], "locator": ["Table 1"]})],
        **changes,
    }
    offer_download(settings.pop("data"), **settings)


def test_a_download_carries_every_column_under_its_fixed_name(project, shown):
    offer()
    (output,) = shown
    assert output.data == {"text/plain": "net benefit by area: 2 rows"}
    assert output.metadata == {
        "kind": "download",
        "label": "net-benefit",
        "title": "net benefit by area",
        "csv": "area,cost\nbrent,0.3\nealing,\n",
        "source": "Case, 2009, Table 1",
        "places": {"case": ["Table 1"]},
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Net-benefit"}, "download 'Net-benefit': expected lower-case words"),
        ({"name": "../net-benefit"}, "expected lower-case words joined by hyphens"),
        ({"name": "net-benefit.csv"}, "expected lower-case words joined by hyphens"),
        ({"name": "net-benefit\n"}, "expected lower-case words joined by hyphens"),
        ({"name": ""}, "expected lower-case words joined by hyphens"),
        ({"title": " "}, "net-benefit: needs its title"),
        ({"data": pd.DataFrame({"area": []})}, "net-benefit: needs at least one row"),
        ({"sources": []}, "needs at least one row with its source"),
    ],
)
def test_a_download_that_lacks_something_is_refused(project, shown, changes, message):
    with pytest.raises(ExhibitError, match=message):
        offer(**changes)
    assert shown == []
