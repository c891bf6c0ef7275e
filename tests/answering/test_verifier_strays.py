"""Sentences made of the evidence's own words that say what it does not; and plain compressions, which it does."""

from __future__ import annotations

import pytest

from tests.answering.test_verifier import article, fault

RECORD = article(
    "Police in Bonn arrested Karl Weber on Monday after his brother Max Weber, 34, accused him of stealing 12,000 euros. "
    "Prosecutors said Karl Weber had denied the charges. The trial, which starts in June, is expected to last three weeks. "
    "Unemployment fell to 5.1 percent from 5.4 percent in March, the lowest since 1991, the statistics office said. "
    "Exports rose less than imports. No one was injured in the fire, which destroyed 14 homes and killed two dogs. "
    "If the council agrees, the school will close in 2025. Mayor Lena Roth did not say whether she would resign. "
    "Unlike Sweden, Norway is not a member of the European Union. "
    "The company, founded by Eva Horn and owned by Paul Lang, lost 3 million dollars."
)

OTHER = article(
    "Israel struck targets in Syria on Sunday, killing at least 11 people, the Syrian Observatory for Human "
    "Rights said. Israel has not commented. Apple reported revenue of $81.8 billion for the quarter, down "
    "1.4% from a year earlier, while Microsoft posted a record $56.2 billion. The WHO, which declared the "
    "emergency in January 2020, said on Friday that Covid-19 was no longer a global emergency. Senator Joe "
    "Manchin, a Democrat from West Virginia, voted against the bill that President Joe Biden backed. “I never"
    " took a bribe,” Mr. Santos told reporters in Albany. “I will not resign.” His lawyer, Dana Moss, "
    "declined to comment. Russia accused Ukraine of shelling the plant; Ukraine denied it and blamed Russia. "
    "The vaccine is 95 percent effective in adults but only 40 percent in children under five. Chelsea beat "
    "Arsenal 2-1 at Stamford Bridge, and Liverpool lost 3-0 to Everton."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Police arrested Max Weber on Monday.",
        "Max Weber stole 12,000 euros.",
        "Karl Weber, 34, accused Max Weber of stealing 12,000 euros.",
        "Prosecutors said Max Weber had denied the charges.",
        "Prosecutors had denied the charges.",
        "Karl Weber denied stealing 12,000 euros.",
        "Lena Roth accused Karl Weber of stealing 12,000 euros.",
        "Paul Lang denied the charges.",
        "Karl Weber resigned.",
        "The trial starts in March.",
        "The trial, which starts in June, lasts three weeks.",
        "Unemployment rose to 5.1 percent.",
        "Unemployment fell to 5.4 percent from 5.1 percent in March.",
        "Unemployment fell to 5.1 percent, the lowest since March.",
        "Unemployment fell in 1991.",
        "Unemployment fell to 5.1 percent.",
        "Exports rose more than imports.",
        "Two dogs were injured in the fire.",
        "The fire destroyed two homes and killed 14 dogs.",
        "The fire killed Karl Weber.",
        "The school will close in 2025.",
        "Karl Weber will close the school in 2025.",
        "Mayor Lena Roth did say she would resign.",
        "Lena Roth would resign.",
        "Max Weber, 34, is expected to resign.",
        "Norway is a member of the European Union.",
        "Sweden is not a member of the European Union.",
        "The company, founded by Paul Lang and owned by Eva Horn, lost 3 million dollars.",
        "The company lost 3 million euros.",
        "Eva Horn lost 3 million dollars.",
    ],
)
def test_words_of_the_evidence_in_another_order(claim: str) -> None:
    assert fault(claim, record=RECORD) != ""


@pytest.mark.parametrize(
    "claim",
    [
        "Police arrested Karl Weber on Monday after his brother accused him of stealing €12,000.",
        "Karl Weber had denied the charges, prosecutors said.",
        "The trial starts in June.",
        "The trial is expected to last three weeks.",
        "Unemployment fell to 5.1%, the lowest since 1991, the statistics office said.",
        "The statistics office said unemployment fell to 5.1 percent.",
        "No one was injured in the fire.",
        "The fire destroyed 14 homes and killed two dogs.",
        "The school will close in 2025 if the council agrees.",
        "Lena Roth did not say whether she would resign.",
        "Norway is not a member of the European Union.",
        "The company was founded by Eva Horn.",
        "The company lost $3 million.",
    ],
)
def test_plain_compressions(claim: str) -> None:
    assert fault(claim, record=RECORD) == ""


SPOKEN = article(
    "Exports to the islands have fallen since June, Minister Ada Holm said on Monday. A senior bank official called the "
    "figures weak. The port will be closed, the mayor told reporters. Union leaders wept. Eva Horn is the first Swedish "
    "woman to cross the strait, and her sister the fastest junior swimmer of the club. Karl Weber broke the single-season "
    "Baltic League goal record in May. Ada Holm and Lena Roth were chased through the harbour by two cars. The harbour office "
    "called it a disgrace. The price of coal in the U.S. was 40 dollars in the first weeks of May. "
    "The firm behind the long-distance ferry lines of Bonn is still worth 5 million euros. Officers of the port met the mayor. "
    "The cook gave a thin soup instead of bread with the main course."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Exports to the islands have fallen since June, the senior bank official said on Monday.",
        "Exports to the islands have fallen since June, a bank official said.",
        "A senior bank official said on Monday exports to the islands have fallen since June.",
        "The port will be closed, union leaders told reporters.",
        "Eva Horn is the first woman to cross the strait.",
        "Her sister is the fastest swimmer of the club.",
        "Karl Weber broke the single-season goal record in May.",
        "The harbour office was chased through the harbour by two cars.",
        "The price of coal in the U.S.",
        "The U.S.",
        "The long-distance ferry lines.",
        "The firm is now worth 5 million euros.",
        "Offices of the port met the mayor.",
        "The cook gave a thin soup instead of bread and the main course.",
        "The Ada Holm",
        "The price of coal in the U.S. was 40 dollars in the first week of May.",
    ],
)
def test_claims_that_change_a_statement_or_a_first_are_refused(claim: str) -> None:
    assert fault(claim, record=SPOKEN) != ""


@pytest.mark.parametrize(
    "claim",
    [
        "Exports to the islands have fallen since June, the minister said on Monday.",
        "Exports to the islands have fallen since June, Ada Holm said.",
        "A senior bank official called the figures weak.",
        "The port will be closed, the mayor told reporters.",
        "Eva Horn is the first Swedish woman to cross the strait.",
        "Karl Weber broke the Baltic League goal record in May.",
        "Ada Holm and Lena Roth were chased by two cars.",
        "The price of coal in the U.S. was 40 dollars.",
        "The firm is worth 5 million euros.",
        "The cook gave a thin soup instead of bread.",
        "Officers of the port met the mayor.",
    ],
)
def test_statements_are_attributed_to_their_speakers(claim: str) -> None:
    assert fault(claim, record=SPOKEN) == ""


@pytest.mark.parametrize(
    "claim",
    [
        "Syria struck targets in Israel on Sunday, killing at least 11 people.",
        "Israel struck targets in Syria, killing 11 people.",
        "Israel has commented.",
        "Microsoft reported revenue of $81.8 billion for the quarter.",
        "Apple posted a record $56.2 billion.",
        "Apple reported revenue of $81.8 billion, up 1.4% from a year earlier.",
        "Apple reported revenue of $81.8 million for the quarter.",
        "The WHO said Covid-19 was a global emergency.",
        "The WHO declared the emergency in January 2021.",
        "The WHO declared on Friday that Covid-19 was no longer a global emergency.",
        "Joe Manchin voted for the bill.",
        "Joe Biden voted against the bill.",
        "Joe Biden, a Democrat from West Virginia, voted against the bill.",
        "Senator Joe Manchin backed the bill.",
        "“I took a bribe,” Mr. Santos told reporters in Albany.",
        "Dana Moss said: “I never took a bribe.”",
        "“I will not resign,” Dana Moss said.",
        "Mr. Santos declined to comment.",
        "Santos will resign.",
        "Ukraine accused Russia of shelling the plant.",
        "Russia denied it and blamed Ukraine.",
        "Ukraine shelled the plant.",
        "Russia shelled the plant.",
        "The vaccine is 40 percent effective in adults.",
        "The vaccine is 95 percent effective in children under five.",
        "Arsenal beat Chelsea 2-1 at Stamford Bridge.",
        "Liverpool beat Everton 3-0.",
        "Chelsea beat Everton 2-1.",
        "Arsenal lost 3-0 to Everton.",
        "Chelsea beat Arsenal 3-0.",
        "Chelsea beat Arsenal 1-2 at Stamford Bridge.",
        "Israel killed at least 11 people in Russia.",
        "President Joe Manchin voted against the bill.",
    ],
)
def test_other_claims_that_stray_are_refused(claim: str) -> None:
    assert fault(claim, record=OTHER) != ""


@pytest.mark.parametrize(
    "claim",
    [
        "Israel struck targets in Syria on Sunday, killing at least 11 people, the Syrian Observatory said.",
        "At least 11 people were killed, the Syrian Observatory for Human Rights said.",
        "Apple reported revenue of $81.8 billion.",
        "Apple reported revenue of $81.8 billion for the quarter, down 1.4% from a year earlier.",
        "Microsoft posted a record $56.2 billion.",
        "The WHO said on Friday that Covid-19 was no longer a global emergency.",
        "The WHO said Covid-19 was no longer a global emergency.",
        "Senator Joe Manchin voted against the bill.",
        "Manchin voted against the bill that Biden backed.",
        "“I never took a bribe,” Santos told reporters.",
        "Ukraine denied it and blamed Russia.",
        "Russia accused Ukraine of shelling the plant.",
        "The vaccine is 95 percent effective in adults.",
        "Chelsea beat Arsenal 2-1.",
        "Liverpool lost 3-0 to Everton.",
        "Israel has not commented.",
    ],
)
def test_other_claims_close_to_their_evidence_are_accepted(claim: str) -> None:
    assert fault(claim, record=OTHER) == ""
