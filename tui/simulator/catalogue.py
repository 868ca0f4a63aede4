"""Owns the invented processes: names, arguments, how long they run, what they log. Both generations have the same."""

from dataclasses import dataclass, field
from typing import Any

from tui.simulator.arguments import BOOLEAN, DATA_TABLE, DICTIONARY, EVERY_TYPE, INT32, LIST, STRING, Argument, dotnet
from tui.simulator.wire import named_uuid


@dataclass(frozen=True, slots=True)
class Process:
    """One invented package, as releases of it appear in every tenant."""

    name: str
    package: str
    description: str
    steps: tuple[str, ...]
    seconds: float = 8.0
    version: str = "1.0.0"
    arguments: tuple[Argument, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    results: dict[str, Any] = field(default_factory=dict[str, Any])
    defaults: str | None = None
    pretty: bool = False
    arguments_absent: bool = False
    outdated: bool = False
    deleted: bool = False
    attended: bool = False
    process_type: str = "Process"
    target_framework: str = "Windows"
    folder: int = 0
    """Index of the folder today's releases live in; the first folder has what both generations share."""

    @property
    def key(self) -> str:
        """The release key: one guid for a name, in every run."""
        return named_uuid("release", self.name)

    @property
    def long_running(self) -> bool:
        """Whether it runs until somebody stops it, for practical purposes; such a process honours a soft stop."""
        return self.seconds >= LONG_SECONDS


LONG_SECONDS = 300.0

_INVOICES = Process(
    name="Invoice Intake",
    package="InvoiceIntake",
    description="Collects the morning's invoices from the mailbox and files them by supplier.",
    seconds=3.0,
    version="1.0.21",
    steps=(
        "Opening mailbox invoices@harbour-bakery.example",
        "Found 12 messages with attachments",
        "Filed invoice 4711 of Miller & Sons Flour, 318.40",
        "Filed invoice 4712 of Quayside Dairy, 97.15",
        "All invoices are filed",
    ),
    outputs=(("out_InvoiceCount", INT32), ("out_Total", dotnet("System.Decimal"))),
    results={"out_InvoiceCount": 12, "out_Total": 4318.55},
)

_PAYROLL = Process(
    name="Payroll Export",
    package="PayrollExport",
    description="Writes the monthly payroll file for the bank.",
    version="3.4.0",
    arguments=(
        Argument("in_Month", STRING, required=True),
        Argument("in_HeadCount", INT32, required=True),
        Argument("in_DryRun", BOOLEAN, has_default=True),
        Argument("in_Note", STRING),
    ),
    outputs=(("out_File", STRING), ("out_Warnings", INT32)),
    results={"out_File": "payroll-export.xml", "out_Warnings": 0},
    defaults='{"in_DryRun":true}',
    steps=(
        "Reading 48 contracts",
        "Checking bank details",
        "One employee moved house: address updated",
        "Export written",
    ),
)

_MONTH_END = Process(
    name="Month-End Close",
    package="MonthEndClose",
    description="Walks through every ledger; takes a while. Stop it gently and it finishes the ledger it is on.",
    seconds=900.0,
    version="2.1.3",
    steps=tuple(f"Ledger {number:02d} balanced" for number in range(1, 61)),
    outputs=(("out_Ledgers", INT32),),
    results={"out_Ledgers": 60},
)

_ONBOARDING = Process(
    name="Supplier Onboarding",
    package="Procurement.SupplierOnboarding",
    description="Creates a supplier from a form: addresses, tax number, bank account.",
    version="0.9.12",
    pretty=True,
    arguments=(
        Argument("Supplier", DICTIONARY, required=True),
        Argument("Categories", LIST),
        Argument("Contacts", DATA_TABLE),
    ),
    outputs=(("SupplierId", STRING),),
    results={"SupplierId": "SUP-20417"},
    steps=("Validating the tax number", "Sanctions list: no match", "Supplier created"),
)

_SHOWROOM = Process(
    name="Argument Showroom",
    package="ArgumentShowroom",
    description="Takes one argument of every kind and hands back what it was given.",
    arguments=tuple(Argument(name, of, has_default=name == "in_Int32") for name, of in EVERY_TYPE),
    outputs=(("out_Echo", DICTIONARY),),
    results={"out_Echo": {"seen": 21}},
    defaults='{"in_Int32":42}',
    target_framework="Portable",
    steps=("Looking at the arguments", "Putting them back as they were"),
)

CATALOGUE: tuple[Process, ...] = (
    _INVOICES,
    _PAYROLL,
    _MONTH_END,
    _ONBOARDING,
    _SHOWROOM,
    Process(
        name="Weather Watch",
        package="WeatherWatch",
        description="Warns the delivery drivers about storms.",
        arguments_absent=True,
        steps=("Asking the harbour's weather station", "Wind 4 Beaufort from the west, no storm"),
    ),
    Process(
        name="Travel Claims",
        package="TravelClaims",
        description="Checks receipts against the travel policy. A newer version is waiting.",
        version="1.7.2",
        outdated=True,
        steps=("7 claims to check", "Claim 3 lacks a receipt", "6 claims approved"),
    ),
    Process(
        name="Fax Sorter",
        package="FaxSorter",
        description="Retired: the package has been deleted from the feed.",
        deleted=True,
        steps=("There is no fax",),
    ),
    Process(
        name="Desk Companion",
        package="DeskCompanion",
        description="Helps a person at their desk; wants somebody to be there.",
        attended=True,
        steps=("Waiting for the person",),
    ),
    Process(
        name="Exchange Rates",
        package="ExchangeRates_Nightly",
        description="Fetches the European Central Bank's reference rates.",
        seconds=5.0,
        version="12.0.3-beta.2",
        outputs=(("out_Rates", DICTIONARY),),
        results={"out_Rates": {"EUR/USD": 1.0834, "EUR/GBP": 0.8512, "EUR/JPY": 163.21}},
        steps=("Asking for the reference rates", "31 currencies received"),
    ),
    Process(
        name="O'Hara's Contract Reader",
        package="Legal.ContractReader",
        description="Reads contracts and marks the clauses that end this year – naïve, but tireless.",
        process_type="Agent",
        target_framework="Portable",
        arguments=(Argument("question", STRING, has_default=True),),
        defaults='{"question":"Which contracts end this year?"}',
        outputs=(("answer", STRING),),
        results={"answer": "Three: the lease, the flour and the window cleaner."},
        steps=("Reading 214 pages", "Three clauses marked"),
    ),
)
"""What every tenant has. The first is quick, succeeds, and needs no arguments."""

FOLDER_ONLY: tuple[Process, ...] = (
    Process(
        name="Candidate Screening",
        package="CandidateScreening",
        description="Sorts applications by position.",
        folder=2,
        steps=("19 applications", "4 invitations drafted"),
    ),
    Process(
        name="Holiday Calendar",
        package="HolidayCalendar",
        description="Puts approved holidays into everybody's calendar.",
        folder=2,
        arguments=(Argument("year", INT32, required=True),),
        steps=("Reading approvals", "Calendars updated"),
    ),
    Process(
        name="Quarterly Report",
        package="QuarterlyReport",
        description="Collects figures from the month-end folders.",
        folder=1,
        seconds=12.0,
        steps=("Collecting figures", "Rendering charts", "Report sent"),
    ),
    Process(
        name="My First Robot",
        package="MyFirstRobot",
        description="Ada's experiment.",
        folder=3,
        seconds=2.0,
        steps=("Hello!",),
    ),
)
"""What only today's other folders have."""

_ADJECTIVES = ("Daily", "Weekly", "Nightly", "Regional", "Archived", "Priority", "Draft", "Quarterly")
_SUBJECTS = ("Order", "Invoice", "Shipment", "Claim", "Ticket", "Contract", "Payslip", "Inventory", "Refund", "Survey")
_VERBS = ("Import", "Export", "Check", "Cleanup", "Reminder", "Merge", "Forecast", "Audit")


def bulk_processes(count: int) -> list[Process]:
    """Return ``count`` more processes, for lists that need paging."""
    return [
        Process(
            name=f"{_ADJECTIVES[n % 8]} {_SUBJECTS[n // 8 % 10]} {_VERBS[n // 80 % 8]} {n:05d}",
            package=f"Bulk.Process{n:05d}",
            description=f"Number {n} of many.",
            seconds=4.0,
            steps=("Working", "Done"),
        )
        for n in range(1, count + 1)
    ]
