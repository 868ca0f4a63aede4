"""The job screen says why a job failed and what to do, beside the server's own words."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import pytest
from scripted_runtime import ScriptedRuntime, job, make_app, on_screen, to_job, until


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 15)])
async def test_a_fault_is_explained_with_the_servers_words(size: tuple[int, int]):
    failed = job(state="Faulted", info="[b]It said 409.", error_code="2818")
    app = make_app(ScriptedRuntime(jobs=(failed,)))
    async with app.run_test(size=size) as pilot:
        await to_job(pilot)
        await until(pilot, lambda: app.screen.query_one("#job-explained").display)
        app.screen.query_one("#job-explained").scroll_visible(animate=False)
        await until(pilot, lambda: "Why  no machine" in on_screen(app))
        app.screen.query_one("#job-facts").scroll_visible(animate=False)
        facts = app.screen.query_one("#job-facts")
        assert "[b]It said 409." in str(facts.render()) or "[b]It said 409." in on_screen(app)


async def test_a_state_that_needs_no_word_gets_none():
    app = make_app(ScriptedRuntime(jobs=(job(state="Successful"),)))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        assert not app.screen.query_one("#job-explained").display
