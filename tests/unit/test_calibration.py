"""Bets, stamps and scores: from what the reader recorded, or one clear line."""

import matplotlib.pyplot as plt
import pytest

from alexnet_lib import widgets
from alexnet_lib.figures.verdicts import draw_reliability, draw_verdicts
from alexnet_lib.learning import calibration, content, predictions, progress, stamps
from alexnet_lib.learning.calibration import Bet
from alexnet_lib.learning.claims import claims


def test_every_prediction_has_an_outcome_that_is_one_of_its_options():
    everything = {
        key: entry["options"]
        for number in content.numbers()
        for key, entry in content.notebook_content(number)
        .get("predictions", {})
        .items()
    }
    assert set(calibration.outcomes()) == set(everything), "add it to outcomes.yaml"
    for key, outcome in calibration.outcomes().items():
        assert outcome is None or outcome in everything[key], key


def test_no_bets_is_one_clear_line():
    assert calibration.settled_bets() == []
    said = calibration.in_words([])
    assert said.startswith(
        "0 bets settled, none with a confidence: choose one of a guess"
    )
    assert "\n" not in said
    assert calibration.brier_score([]) is None


def test_bets_are_those_that_the_cards_recorded():
    predictions.record("02-same", "56", "certain")
    predictions.record("03-work", "fc6", "a guess")
    predictions.record("03-weights", "fc6")
    predictions.record("07-hours", "a night", "certain")  # nothing settles it
    bets = {bet.key: bet for bet in calibration.settled_bets()}
    assert set(bets) == {"02-same", "03-work", "03-weights"}
    assert (bets["02-same"].confidence, bets["02-same"].right) == (0.95, True)
    assert (bets["03-work"].confidence, bets["03-work"].right) == (0.4, False)
    assert (bets["03-weights"].confidence, bets["03-weights"].right) == (None, True)
    score = calibration.brier_score(list(bets.values()))
    assert score == pytest.approx((0.05**2 + 0.4**2) / 2)
    assert calibration.in_words(list(bets.values())).splitlines() == [
        "2 of 3 bets right",
        "  a guess (40%): 0 of 1 right",
        "  certain (95%): 1 of 1 right",
        "Brier score 0.081 (0 is best)",
    ]


def test_a_bet_of_an_older_course_is_left_out():
    progress.write("predictions", "99-gone", {"option": "1", "confidence": "certain"})
    assert calibration.settled_bets() == []


def test_who_knows_and_says_so_scores_0_and_half_on_all_a_quarter():
    assert calibration.brier_score([Bet("a", 1.0, True), Bet("b", 0.0, False)]) == 0
    halves = [Bet("a", 0.5, True), Bet("b", 0.5, False)]
    assert calibration.brier_score(halves) == 0.25


def test_stamps_keep_the_first_verdict():
    assert repr(stamps.stamped()).startswith(f"no claim judged yet, of {len(claims())}")
    card = widgets.claim_cards("02").cards[0]  # of a claim that is false
    card.choose("true")
    card.choose("false")
    stamped = stamps.stamped()
    assert [claim.notebook for claim in stamped.fooled_by] == ["02"]
    assert (
        repr(stamped).splitlines()[0]
        == f"1 of {len(claims())} claims judged, 0 rightly"
    )
    assert "(224 + 2 x 2 - 11) / 4 + 1 = 55." in repr(stamped)


def test_a_right_stamp_and_one_of_a_claim_that_is_gone():
    stamps.stamp("sixty-million", "true")
    progress.write("stamps", "gone", "true")
    stamped = stamps.stamped()
    assert [claim.id for claim in stamped.right] == ["sixty-million"]
    assert stamped.fooled_by == ()


def test_reliability_says_what_it_draws():
    fig, ax = plt.subplots()
    said = draw_reliability(ax, [(0.4, 2, 5), (0.95, 5, 9)])
    assert said == "40 % sure, 40 % right (2 of 5); 95 % sure, 56 % right (5 of 9)."
    line = ax.lines[1]
    assert line.get_xdata().tolist() == pytest.approx([40, 95])
    assert line.get_ydata().tolist() == pytest.approx([40, 500 / 9])
    plt.close(fig)


def test_verdicts_say_where_a_sentence_is_false():
    fig, ax = plt.subplots()
    table = {
        "one": {"a": True, "b\nc": False, "d-\ne": False},
        "two": {"a": True, "b\nc": True, "d-\ne": True},
    }
    assert draw_verdicts(ax, table) == "one: not in b c, de; two: in all."
    assert [text.get_text() for text in ax.texts] == ["T", "F", "F", "T", "T", "T"]
    plt.close(fig)
