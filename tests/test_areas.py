import pytest

from helpers import areas
from helpers.errors import EvidenceError


def test_names_and_boroughs_come_from_the_evidence_in_its_order(project):
    assert areas.names() == {
        "nwl": "North West London",
        "brent": "Brent",
        "ealing": "Ealing",
        "england": "England",
    }
    assert areas.name("ealing") == "Ealing"
    assert areas.boroughs() == ("brent", "ealing")


def test_an_unknown_area_is_answered_with_the_known_ones(project):
    with pytest.raises(EvidenceError) as caught:
        areas.name("Brent")
    assert str(caught.value) == (
        "areas: no area 'Brent': expected one of nwl, brent, ealing, england"
    )


def test_the_book_has_the_eight_boroughs_and_their_sector(book_evidence):
    assert set(areas.boroughs()) == {
        "brent",
        "ealing",
        "hammersmith-and-fulham",
        "harrow",
        "hillingdon",
        "hounslow",
        "kensington-and-chelsea",
        "westminster",
    }
    assert len(areas.boroughs()) == 8
    assert areas.SECTOR not in areas.boroughs()
    assert areas.name(areas.SECTOR) == "North West London"
