"""What the server's check of a start says, in words. Data and pure functions; standard library only.

The codes are ``ValidationResultDto.ErrorCodes`` of the Orchestrator 20.0 definition, which gives names and no meanings:
the sentences are this program's reading of the names, and the server's own words are always shown beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.api.models import ValidationResult

CODES: Final = {
    "RobotNotAssignedToFolder": "The robot's user is not assigned to this folder: assign it.",
    "RobotNotFound": "There is no robot for this user: give the user an unattended robot.",
    "RobotNoCredentials": "The robot has no user name and password of its machine: enter them at the robot.",
    "RobotBusy": "The robot runs another job: wait for it, or name another robot.",
    "RobotConcurrencyLimit": "The robot runs as many jobs at once as it may: wait for one to end.",
    "RobotNoMatchingUsernames": "No robot user fits the machine: compare the user names of both.",
    "RobotVersionTooLow": "The robot's version is too low for this process: update the robot.",
    "TemplateNoRuntime": "No machine of the folder has a runtime of this type: choose another type, or add one.",
    "TemplateNoHostsAvailable": "No machine of the folder is connected: start the robot service on one of them.",
    "TemplateNoLicense": "The machine has no licence for this runtime type: assign one to it.",
    "TemplateFullCapacity": "Every runtime of the folder's machines is in use: wait for a job to end.",
    "TemplateNotAssignedToFolder": "The machine is not assigned to this folder: assign it.",
    "TemplateMaintenanceMode": "The machine is in maintenance: wait for its end, or use another one.",
    "DynamicJobAccountCredentialsInvalid": "The user name or password of the robot account is not right: renew them.",
    "DynamicJobForegroundAutomationTypeInvalid": "A process with a user interface can't run with what is here.",
    "DynamicJobBackgroundAutomationTypeInvalid": "A background process can't run with what is here.",
    "DynamicJobWindowsTargetFrameworkInvalid": "The process needs Windows, and no machine here has it.",
    "DynamicJobCrossPlatformTargetFrameworkInvalid": "The cross-platform process fits no machine here.",
    "DynamicJobConnectedMachinesInvalid": "No connected machine of the folder can run this process.",
    "DynamicJobConnectedMachinesUserCredentialsInvalid": "The connected machines have no usable user for this process.",
    "DynamicJobConnectedMachinesCrossPlatformRobotVersionInvalid": (
        "The robots of the connected machines are too old for a cross-platform process: update them."
    ),
    "DynamicJobConnectedMachinesWindowsRobotVersionInvalid": (
        "The robots of the connected machines are too old for this Windows process: update them."
    ),
}


def reasons(verdict: ValidationResult) -> tuple[str, ...]:
    """Return why the start would not run: the meaning of each code, then the server's own words. Empty when it would.

    A code that is not known is shown as it is. A refusal without any reason is told as one.
    """
    if verdict.is_valid:
        return ()
    codes = dict.fromkeys(verdict.error_codes)
    known = tuple(f"{CODES.get(code, 'The server gives a reason that is not known here')} ({code})" for code in codes)
    said = tuple(f"The server says: {text}" for text in dict.fromkeys(verdict.errors) if text)
    return (*known, *said) or ("The server gives no reason",)
