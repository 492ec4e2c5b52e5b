"""A feed's examples: tried against its contract as it stands."""

from __future__ import annotations

from ringback.contracts import ContractFile
from ringback.contracts.examples import ExamplesPage, load_examples
from ringback.errors import ApprovalRefused
from ringback.model.example import ContractExample, ExampleFault, ExamplesReport
from ringback.model.project import Project
from ringback.steps.examples import read_examples, try_example


def try_examples(project: Project, contract: ContractFile) -> ExamplesReport | None:
    """Try a feed's examples; None, where it has none. Raises: ContractError, where their file has faults."""
    page = load_examples(project, contract)
    return None if page is None else tried(page, contract)


def tried(page: ExamplesPage, contract: ContractFile) -> ExamplesReport:
    """Try the examples of a page."""
    records = read_examples([example.row for example in page.examples], contract.contract)
    names = tuple(map(_named, range(len(page.examples)), page.examples))
    faults: list[ExampleFault] = []
    for place, (example, record) in enumerate(zip(page.examples, records, strict=True)):
        part = "record" if example.record is not None else "reject"
        for miss in try_example(example, record):
            faults.append(
                ExampleFault(
                    file_name=page.name,
                    line=page.line(place, part, miss.field),
                    example=names[place],
                    field=miss.field,
                    expected=miss.expected,
                    got=miss.got,
                )
            )
    return ExamplesReport(feed=contract.contract.feed, file_name=page.name, names=names, faults=tuple(faults))


def require_examples(project: Project, contract: ContractFile) -> None:
    """Raises: ApprovalRefused, when an example fails."""
    report = try_examples(project, contract)
    if report is None or not report.faults:
        return
    raise ApprovalRefused(
        "an example fails" if report.failed == 1 else f"{report.failed} examples fail",
        where=contract.name,
        why="\n".join(str(fault) for fault in report.faults),
        mend=f"If the contract is right, and the example is not: ringback check --examples --accept {report.feed}",
    )


def _named(place: int, example: ContractExample) -> str:
    return f"example {place + 1} ({example.name})" if example.name else f"example {place + 1}"
