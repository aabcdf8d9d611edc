"""The log of a running app: a line of JSON each, and no secret in any."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo import logs

WORD = "s3cret-pass"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """A process that serves; what it wrote is read from standard error."""
    before = [*logging.getLogger().handlers]
    logs._log.cache_clear()
    monkeypatch.setattr(logs, "_serving", logs.threading.Event())
    logs.serve()
    yield
    logging.getLogger().handlers[:] = before
    logs._log.cache_clear()


def told(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


@pytest.mark.usefixtures("lines")
def test_what_happens_is_one_line_with_the_request_and_the_user(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with logs.bound(request="r1", user="ann"):
        logs.event("edit", kind="move", text="two\nlines")
    logs.event("started")
    first, second = told(capfd)
    assert {k: first[k] for k in ("event", "kind", "request", "user", "text")} == {
        "event": "edit",
        "kind": "move",
        "request": "r1",
        "user": "ann",
        "text": "two\nlines",
    }
    assert "request" not in second


def test_a_process_that_does_not_serve_writes_down_no_edits(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_serving", logs.threading.Event())
    logs.event("edit")
    assert told(capfd) == []


@pytest.mark.usefixtures("lines")
def test_what_nobody_foresaw_is_told_with_its_traceback_and_without_secrets(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TP_GEO_STORE", f"postgresql://tp:{WORD}@host/plans")
    try:
        raise ValueError(f"can't connect with {WORD}")
    except ValueError as error:
        logs.failed("page_failed", error, reference="abc")
    (line,) = told(capfd)
    assert "Traceback" in str(line["exception"])
    assert "test_logs" in str(line["exception"])
    assert WORD not in json.dumps(line)


@pytest.mark.usefixtures("lines")
def test_what_libraries_tell_is_a_line_alike(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("somebody").warning("look at %s", "postgresql://a:word@h/d")
    (line,) = told(capfd)
    assert (line["logger"], line["event"]) == ("somebody", "look at postgresql://a:…@h/d")
    assert line["level"] == "warning"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://tp:{WORD}@host:5432/plans",
        f"Authorization: Bearer {WORD}",
        f"grant_type=password&client_secret={WORD}&x=1",
        '{"access_token": "WORD", "x": 1}'.replace("WORD", WORD),
        f"password: {WORD}",
        f"token='{WORD}'",
    ],
)
def test_what_looks_like_a_secret_is_cut_out(text: str) -> None:
    assert WORD not in str(logs.redacted(text))


@pytest.mark.parametrize("name", ["password", "client_secret", "Authorization", "cookie", "token"])
def test_what_is_called_a_secret_is_cut_out_at_any_depth(name: str) -> None:
    assert WORD not in str(logs.redacted({"a": [{name: WORD}]}))


@given(st.text(st.characters(categories=["Ll", "Nd"]), min_size=6, max_size=30))
def test_a_secret_the_process_was_given_is_in_no_text(word: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TP_GEO_ORG_CLIENT_SECRET", word)
        assert word not in logs.redacted(f"before {word} after, and {word}{word}")


def test_plain_words_stay_as_they_are() -> None:
    text = "Region 1: moved 3 postal codes at 12:30; see https://example.org/a?b=c"
    assert logs.redacted(text) == text
