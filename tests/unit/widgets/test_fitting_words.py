"""Words that adapt to the room: who and where, an address, the parts of a description."""

import pytest

from tui.api.models import Account, ServiceInstance
from tui.api.outcome import RequestPreview
from tui.flow.state import Answers, Identity
from tui.screens.frame import place
from tui.screens.start.preview import preview_content
from tui.widgets.job_rows import JobRows

URL = "https://orchestrator.example/harbourbakery/HarbourBakeryDefault/odata/Jobs/UiPath.Server.StartJobs?a=1&b=2"


def test_where_stays_when_how_has_no_room() -> None:
    answers = Answers(
        identity=Identity(kind="user key", who="ada@example.com", fingerprint="…639f"),
        account=Account(account_name="Harbour Bakery"),
        instance=ServiceInstance(service_instance_name="HarbourBakeryDefault"),
    )
    whole = place(answers).plain
    assert "user key …639f" in whole
    assert place(answers, len(whole)).plain == whole
    assert place(answers, len(whole) - 1).plain == "ada@example.com  ·  Harbour Bakery / HarbourBakeryDefault"


def test_who_is_cut_before_where() -> None:
    answers = Answers(
        identity=Identity(
            kind="personal access token", who="the holder of this personal access token", fingerprint="…1"
        ),
        account=Account(account_name="Lighthouse"),
        instance=ServiceInstance(service_instance_name="DefaultTenant"),
    )
    assert place(answers, 60).plain == "the holder of this personal…  ·  Lighthouse / DefaultTenant"
    assert place(answers, 20).plain == "the holder…  ·  Lighthouse / DefaultTenant"


@pytest.mark.parametrize(("room", "columns"), [(60, 4), (46, 4), (45, 3), (29, 3), (9, 3)])
def test_a_job_s_machine_is_left_out_rather_than_cut_to_a_few_letters(room: int, columns: int) -> None:
    natural = [8, 9, 8, 15]
    widths = JobRows().fit(natural, room)
    assert len(widths) == columns
    assert widths[:3] == natural[:3]


@pytest.mark.parametrize("width", [0, 20, 34, 60, 200])
def test_an_address_goes_on_behind_one_of_its_marks_and_loses_nothing(width: int) -> None:
    preview = RequestPreview(method="POST", url=URL, headers=(), body=b"")
    lines = preview_content(preview, width).plain.split("\n\n")[0].splitlines()
    assert "".join(lines).replace("POST", "POST ").replace("  ", " ") == f"POST {URL}"
    assert all(line[-1] in "/.?&T" for line in lines[:-1])
    assert len(lines) == 1 if not width or width > len(URL) + 5 else len(lines) > 1
