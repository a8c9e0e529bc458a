from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import sarif_om
from test_reports_formats import CARD, FINDING, TOOLBAR, hostile_report, many, report

from memlint.model.finding import Confidence, Problem, ProblemKind, Severity, Span, Step
from memlint.model.report import Report, Skip
from memlint.model.source import Source
from memlint.reports._fingerprint import fingerprints
from memlint.reports._sarif_place import OUTSIDE, artifact
from memlint.reports._sarif_plain import plain
from memlint.reports.sarif import render
from memlint.wording.terminal import Terminal


def run_of(told: Report) -> Any:
    return json.loads(render(told, Terminal()))["runs"][0]


def result_of(told: Report) -> Any:
    return run_of(told)["results"][0]


def notifications_of(told: Report) -> Any:
    return run_of(told)["invocations"][0]["toolExecutionNotifications"]


def test_a_result_has_its_rule_level_and_place() -> None:
    result = result_of(report())
    assert (result["ruleId"], result["ruleIndex"], result["level"], result["kind"]) == ("MEM101", 0, "warning", "fail")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/toolbar.js", "uriBaseId": "%SRCROOT%"},
                "region": {
                    "startLine": 3,
                    "startColumn": 5,
                    "endLine": 3,
                    "endColumn": 59,
                    "snippet": {"text": 'window.addEventListener("resize", () => this.layout())'},
                },
            }
        }
    ]


def test_a_message_says_the_answers_and_links_to_the_near_misses() -> None:
    assert result_of(report())["message"]["text"] == (
        "`resize` listener is never removed."
        " Held by window · runs per instance · lets go: nothing · duty: nobody."
        " Near miss: [removed with another function](1)."
        " Keep the function and remove it."
    )
    near_miss = result_of(report())["relatedLocations"][0]
    assert near_miss["id"] == 1
    assert near_miss["physicalLocation"]["region"]["startLine"] == 7


def test_brackets_in_a_message_are_no_link() -> None:
    finding = replace(FINDING, message=r"`a[0](1)` and \ ", near_misses=(), answers=None, help="")
    assert result_of(report(findings=(finding,)))["message"]["text"] == r"`a\[0\](1)` and \\ ."


def test_the_retention_path_is_a_code_flow() -> None:
    steps = result_of(report())["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == ["window", "arrow function", "this: Toolbar"]
    assert [step["importance"] for step in steps] == ["essential", "important", "essential"]


def test_a_retention_path_that_is_too_long_keeps_its_ends() -> None:
    path = tuple(Step(FINDING.span, f"step {n}") for n in range(2000))
    steps = result_of(report(findings=(replace(FINDING, path=path),)))["codeFlows"][0]["threadFlows"][0]["locations"]
    told = [step["location"]["message"]["text"] for step in steps]
    assert len(told) == 1000
    assert (told[0], told[499], told[-1]) == ("step 0", "… 1001 more …", "step 1999")


def test_fingerprints_are_the_line_hash_and_our_own() -> None:
    told = result_of(report())["partialFingerprints"]
    assert re.fullmatch(r"[0-9a-f]+:1", told["primaryLocationLineHash"])
    assert told["memlint/v1"] == fingerprints([FINDING])[0]
    assert list(result_of(report(sources={}))["partialFingerprints"]) == ["memlint/v1"]


def test_a_clean_run_still_proves_what_was_checked() -> None:
    run = run_of(report(findings=()))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["name"] == "UnremovedListener"
    assert rule["shortDescription"]["text"] == CARD.title
    assert rule["help"]["markdown"] == CARD.body
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert rule["properties"] == {
        "precision": "high",
        "problem.severity": "warning",
        "tags": ["memory-leak", "unremoved listeners"],
    }


def test_rules_are_in_the_order_of_their_ids_and_within_the_limits() -> None:
    cards = (
        replace(CARD, id="MEM202", why="w" * 3000, checklist=tuple(f"item {n}" for n in range(30))),
        CARD,
        replace(CARD, id="MEM201", severity=Severity.NOTE),
    )
    run = run_of(report(cards=cards, findings=(replace(FINDING, rule="MEM202"),)))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["MEM101", "MEM201", "MEM202"]
    assert run["results"][0]["ruleIndex"] == 2
    assert len(rules[2]["fullDescription"]["text"]) == 1024
    assert len(rules[2]["properties"]["tags"]) == 10
    assert rules[1]["properties"]["problem.severity"] == "recommendation"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/über sicht.js", "src/%C3%BCber%20sicht.js"),
        (b"caf\xe9.js".decode("utf-8", "surrogateescape"), "caf%E9.js"),
        ("a:b#c?d%.js", "a%3Ab%23c%3Fd%25.js"),
        ("./src//a.js", "src/a.js"),
        ("/home/ada/shop/src/a.js", "src/a.js"),
    ],
)
def test_an_address_is_relative_and_clean(path: str, uri: str) -> None:
    assert plain(artifact(path, "/home/ada/shop")) == {"uri": uri, "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("../lib/a.js", "lib/a.js"),
        ("/home/ada/lib/a.js", "lib/a.js"),
        ("/srv/a.js", "srv/a.js"),
    ],
)
def test_an_address_outside_the_root_tells_only_what_differs(path: str, uri: str) -> None:
    assert plain(artifact(path, "/home/ada/shop")) == {"uri": uri, "uriBaseId": OUTSIDE}


def test_the_log_does_not_tell_where_the_root_is() -> None:
    assert "/home/ada" not in render(report(), Terminal())


def test_problems_and_named_skips_are_notifications() -> None:
    told = report(
        problems=(
            Problem("src/a b.js", ProblemKind.SYNTAX, "odd [x]"),
            Problem("c.js", ProblemKind.INTERNAL, "KeyError", "MEM101"),
        ),
        skips=(Skip("d.min.js", "minified", named=True), Skip("e.js", "ignored")),
    )
    syntax, internal, skipped = notifications_of(told)
    assert (syntax["level"], syntax["message"]["text"]) == ("warning", r"syntax: odd \[x\]")
    assert syntax["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/a%20b.js"
    assert (internal["level"], internal["associatedRule"]) == ("error", {"id": "MEM101", "index": 0})
    assert (skipped["level"], skipped["message"]["text"]) == ("note", "skipped: minified")
    known = run_of(told)["tool"]["driver"]["notifications"]
    for notification in (syntax, internal, skipped):
        assert known[notification["descriptor"]["index"]]["id"] == notification["descriptor"]["id"]


def test_only_a_syntax_of_its_own_leaves_the_run_successful() -> None:
    def successful(kind: ProblemKind) -> bool:
        run = run_of(report(problems=(Problem("a.js", kind, "m"),)))
        return bool(run["invocations"][0]["executionSuccessful"])

    assert [kind for kind in ProblemKind if successful(kind)] == [ProblemKind.SYNTAX]


def test_every_kind_of_problem_has_a_descriptor() -> None:
    assert len(notifications_of(report(problems=tuple(Problem("a.js", kind, "m") for kind in ProblemKind)))) == len(
        ProblemKind
    )


def test_of_too_many_findings_the_worst_are_kept_and_the_others_counted() -> None:
    findings = list(many(6000))
    findings[5998] = replace(findings[5998], severity=Severity.ERROR)
    findings[0] = replace(findings[0], confidence=Confidence.LOW)
    told = report(findings=tuple(findings))
    results = run_of(told)["results"]
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert lines == [*range(2, 5001), 5999]
    assert results[-1]["partialFingerprints"]["memlint/v1"] == fingerprints(findings)[5998]
    assert notifications_of(told)[0]["message"]["text"].startswith("1000 more findings")


def test_a_snippet_is_short_and_tells_no_secret() -> None:
    line = 'go("' + "s3cr3t" * 10 + '", ' + "x, " * 500 + "y)"
    finding = replace(FINDING, span=Span("a.js", 1, 1, 1, len(line) + 1))
    result = result_of(report(findings=(finding,), sources={"a.js": Source("a.js", line.encode())}))
    snippet = result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"]
    assert snippet.startswith('go("…", x, ')
    assert snippet.endswith("…")
    assert len(snippet) <= 201


def test_a_snippet_may_have_several_lines() -> None:
    finding = replace(FINDING, span=Span("src/toolbar.js", 2, 3, 4, 4))
    sources = {"src/toolbar.js": Source("src/toolbar.js", TOOLBAR.replace(b"\n", b"\r\n"))}
    region = result_of(report(findings=(finding,), sources=sources))["locations"][0]["physicalLocation"]["region"]
    assert region["snippet"]["text"].split("\n")[::2] == ["open() {", "  }"]


def test_a_hostile_name_is_an_address_like_any_other() -> None:
    uri = result_of(hostile_report())["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9/._%~-]+", uri)


def test_a_level_is_written_even_where_it_is_the_default() -> None:
    written = plain(sarif_om.Result(message=sarif_om.Message(text="x")))
    assert written == {"message": {"text": "x"}, "kind": "fail", "level": "warning"}
    assert plain(sarif_om.ThreadFlowLocation()) == {"importance": "important"}


def test_a_suppression_has_a_status() -> None:
    suppression = sarif_om.Suppression(kind="inSource", state="accepted")
    assert plain(suppression) == {"kind": "inSource", "status": "accepted"}


def test_a_required_property_that_is_missing_raises() -> None:
    with pytest.raises(ValueError, match=r"Result\.message is required"):
        plain(sarif_om.Result(message=None))


def test_a_value_that_json_does_not_know_raises() -> None:
    with pytest.raises(TypeError, match="no place for a set"):
        plain({"tags": {"a"}})


def test_none_is_left_out_and_false_is_not_zero() -> None:
    assert plain({"a": None, "b": 0}) == {"b": 0}
    assert plain(sarif_om.ReportingConfiguration(enabled=False)) == {"enabled": False, "level": "warning"}


def test_the_object_model_is_imported_by_its_own_report_only() -> None:
    probe = "import sys, memlint.reports as r; r.renderer('text'); r.renderer('json'); print('sarif_om' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
