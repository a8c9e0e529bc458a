"""`memlint check`: find leaks in files, folders, or standard input, and report them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memlint.command.outputs import parse_outputs, write_reports
from memlint.command.run import CLEAN, prepare
from memlint.command.streams import write


def check(paths: Sequence[str], options: Mapping[str, object]) -> int:
    """Do what the options say, and give the exit code."""
    formats, name = options["output_format"], options["stdin_filename"]
    outputs = parse_outputs(formats if formats and isinstance(formats, tuple) else ("text",))
    run = prepare(paths, name if isinstance(name, str) else None, options)
    if options["show_settings"]:
        from memlint.config.settings import describe  # noqa: PLC0415 - for those who ask

        write(describe(run.settings))
        return CLEAN
    if options["show_files"]:
        from memlint.command.pages import files_page  # noqa: PLC0415 - the same

        write(files_page(run.reasons()))
        return CLEAN

    report = run.report()
    if run.quiet and not report.findings:
        outputs = [output for output in outputs if not output.for_people]
    write_reports(outputs, report, str(options["color"]))
    if options["statistics"]:
        from memlint.command.pages import statistics_page  # noqa: PLC0415 - the same

        write(statistics_page(report), aside=any(output.for_machines for output in outputs))
    return run.exit_code(report)
