"""A provider that people sign in by, and the settings that name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

SECRETS = """
[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "no secret: it only signs the cookies of a test"
client_id = "tp-geo"
client_secret = "no secret either"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@contextmanager
def provider(people: dict[str, dict[str, object]]) -> Iterator[str]:
    """Have a provider know people, by what it calls them, with what it says of them."""
    known = [User(sub=name, claims={"name": name, **claims}) for name, claims in people.items()]
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def secrets(beside: Path, app: str, provider: str) -> Path:
    """Write what the app has to know of a provider, and return where."""
    found = beside / "secrets.toml"
    found.write_text(SECRETS.format(app=app, provider=provider))
    return found


def sign_in(page: Page, name: str) -> None:
    """Sign in by the provider's own page."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".st-key-sign_out")).to_be_visible()
