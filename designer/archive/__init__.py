"""What lasts: workflows with their scenarios, and executions with their tapes, in a file or on a team's server.

    archive = open_archive()                        the file in the user's data folder, or what PASO_DATABASE_URL names
    [number] = archive.keep(owner, [execution])     when it returns, the execution is on the disk
    reopen(archive.execution(owner, number))        the same trace again, or the reason why not

`owner` is whoever keeps something, a browser or a user: nobody sees what another owner keeps.
"""

from designer.archive.archive import Archive, open_archive
from designer.archive.complaints import ArchiveProblem
from designer.archive.records import Execution, Filter, Listed, OwnPrices, Page, Result, Scenario, Version, Workflow
from designer.archive.replay import NotReopened, Reopened, engine_version, reopen, result_of
from designer.archive.shelf import digest_of

__all__ = [
    "Archive",
    "ArchiveProblem",
    "Execution",
    "Filter",
    "Listed",
    "NotReopened",
    "OwnPrices",
    "Page",
    "Reopened",
    "Result",
    "Scenario",
    "Version",
    "Workflow",
    "digest_of",
    "engine_version",
    "open_archive",
    "reopen",
    "result_of",
]
