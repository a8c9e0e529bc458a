"""What `memlint check` does, however its command line was read."""

from __future__ import annotations

from memlint.command.outputs import parse_outputs, write_reports
from memlint.command.run import CLEAN, prepare
from memlint.command.streams import write


def check(
    paths: tuple[str, ...],
    output_format: tuple[str, ...],
    color: str,
    *,
    show_settings: bool,
    show_files: bool,
    statistics: bool,
    stdin_filename: str | None,
    **options: object,
) -> int:
    """Find leaks in files, folders or standard input, and report them; the exit code."""
    outputs = parse_outputs(output_format or ("text",))
    run = prepare(paths, stdin_filename, options)
    if show_settings:
        from memlint.config.settings import describe  # noqa: PLC0415 - few ask

        write(describe(run.settings))
        return CLEAN
    if show_files:
        from memlint.command.pages import files_page  # noqa: PLC0415 - few ask

        write(files_page(run.reasons()))
        return CLEAN

    report = run.report()
    if run.quiet and not report.findings:
        outputs = [output for output in outputs if not output.for_people]
    write_reports(outputs, report, color)
    if statistics:
        from memlint.command.pages import statistics_page  # noqa: PLC0415 - few ask

        write(statistics_page(report), aside=any(output.for_machines for output in outputs))
    return run.exit_code(report)
