"""Step 2: the account, when there are several, then the service instance; typed where the server lists none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Static

from tui.flow.events import AccountChosen, InstanceChosen, InstanceTyped
from tui.flow.states import ChoosingInstance
from tui.profile import Profile
from tui.screens.step import StepScreen
from tui.widgets.host import host
from tui.widgets.picker import Entry, Picker
from tui.widgets.typed_form import TypedForm
from tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.api.models import Account, ServiceInstance


class InstanceScreen(StepScreen[ChoosingInstance]):
    """Display name and logical name side by side."""

    STEP = 2
    AUTO_FOCUS = "#picker-filter, #typed-account"
    HINT = "Type to filter · ↑ ↓ move · Enter takes the marked one"
    HELP = (
        "Choose the service instance (today: tenant) to work in. The first name is the one people see, the second the "
        "logical one, which goes into addresses and into the header X-UIPATH-TenantName; the tutorial asks for it.\n"
        "Type to filter, move with the arrows, take with Enter. Esc empties the filter, and goes back when it is empty."
    )
    TYPED_HELP = (
        "The server does not list what this sign-in may use; the reason stands above the fields. Type the names out of "
        "the address that your browser shows: cloud.uipath.com/ORGANIZATION/TENANT. Display names do not work there.\n"
        "Enter goes on to the next field, and on the last one checks both with a call."
    )

    def compose_step(self) -> ComposeResult:
        """Yield list and form; one of them is shown."""
        yield Static(id="question", classes="question", markup=False)
        yield Picker(self.clock)
        yield TypedForm(
            [
                ("account", "Organization", "as in cloud.uipath.com/ORGANIZATION; 2019: the account"),
                ("instance", "Tenant", "logical name; 2019: of the service instance"),
            ]
        )

    @property
    def help_text(self) -> str:
        """What Help says: of the list, or of the fields where there is none."""
        return self.TYPED_HELP if self.state.typed else super().help_text

    @property
    def _rows(self) -> Sequence[Account | ServiceInstance]:
        return self.state.accounts if self.state.instances is None else self.state.instances

    def show_step(self, state: ChoosingInstance) -> None:
        """Show the list, or the form with the reason for it."""
        picker, form = self.query_one(Picker), self.query_one(TypedForm)
        picker.display, form.display = not state.typed, state.typed
        picker.disabled = state.typed
        self.query_one(Waiting).hint("Enter checks both with a call" if state.typed else self.HINT)
        last = state.answers.profile or Profile()
        if state.typed:
            self._question("Type the organization and the tenant")
            form.explain(state.typed_reason)
            answers = state.answers
            account, instance = answers.named
            form.prefill(
                account=answers.account.account_logical_name if answers.account else account or last.account,
                instance=answers.instance.logical_name if answers.instance else instance or last.instance,
            )
            return
        if state.instances is None:
            self._question("Which account?")
            entries = [Entry(row.account_logical_name, (row.name, row.account_logical_name)) for row in state.accounts]
            chosen = state.answers.account.account_logical_name if state.answers.account else last.account
        else:
            self._question(self._instance_question(state))
            entries = [
                Entry(row.logical_name, (row.name, row.logical_name, row.service_state)) for row in state.instances
            ]
            chosen = state.answers.instance.logical_name if state.answers.instance else last.instance
        picker.set_entries(entries, chosen)

    def _instance_question(self, state: ChoosingInstance) -> str:
        account = state.answers.account
        if state.instances:
            return f"Which service instance of {account.name}?" if account else "Which service instance?"
        return "This account has no service instance. Go back and choose another, or ask for access to one."

    def _question(self, text: str) -> None:
        self.query_one("#question", Static).update(text)

    @on(Picker.Filtered)
    def _count(self) -> None:
        noun = "account" if self.state.instances is None else "service instance"
        self.query_one(Picker).count_fitting(noun, " · display name and logical name")

    @on(Picker.NothingFits)
    def _nothing_fits(self) -> None:
        host(self).bell()

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        if self.state.instances is None:
            self.happened(AccountChosen(account=self.state.accounts[message.index]))
        else:
            self.happened(InstanceChosen(instance=self.state.instances[message.index]))

    @on(TypedForm.Given)
    def _typed(self, message: TypedForm.Given) -> None:
        from tui.api.models import Account, ServiceInstance

        account = Account(account_logical_name=message.values["account"])
        instance = ServiceInstance(service_instance_logical_name=message.values["instance"])
        self.happened(InstanceTyped(account=account, instance=instance))
