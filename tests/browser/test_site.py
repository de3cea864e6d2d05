"""The web edition in a browser that is kept from the network."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
SITE = REPOSITORY / ".venv-site" / "bin" / "python"
PICTURES = """
[...document.querySelectorAll('.bd-article img')]
    .map(each => [each.complete && each.naturalWidth > 0, each.alt])
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The pages, made anew, and their names."""
    out = tmp_path_factory.mktemp("site") / "pages"
    done = subprocess.run(
        [str(SITE), "-m", "alexnet_lib", "site", "--out", str(out), "--json"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout.splitlines()[-1])["pages"]


@pytest.mark.needs_extra
def test_the_pages_ask_nobody_and_show_every_figure_and_formula(request, results):
    if not SITE.exists():
        pytest.skip("the tools of the web edition are not here: make site")
    out, names = request.getfixturevalue("built")
    context = request.getfixturevalue("chromium").new_context()
    context.route(re.compile("^(https?|wss?):"), lambda route: route.abort())
    page = context.new_page()
    asked, complaints, figures, formulas = [], [], 0, 0
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name in names:
        page.goto((out / name).with_suffix(".html").as_uri())
        if expected := page.locator(".math").count():
            page.wait_for_selector(".MathJax", state="attached", timeout=60_000)
            formulas += expected
        pictures = page.evaluate(PICTURES)
        assert all(shown and alt for shown, alt in pictures), name
        figures += len(pictures)
    page.screenshot(path=results / "site.png")
    context.close()
    print(f"{len(names)} pages, {figures} figures, {formulas} formulas")
    assert figures > len(names)
    assert [u for u in asked if not u.startswith(("file:", "data:", "blob:"))] == []
    assert complaints == []


@pytest.mark.needs_extra("axe_playwright_python")
@pytest.mark.parametrize(
    "stem", ["02_layer_size_arithmetic", "07_the_long_run", "glossary"]
)
def test_axe_finds_nothing_in_an_article(request, stem):
    if not SITE.exists():
        pytest.skip("the tools of the web edition are not here: make site")
    out, names = request.getfixturevalue("built")
    [name] = (name for name in names if Path(name).stem == stem)
    page = request.getfixturevalue("chromium").new_page()
    try:
        page.goto((out / name).with_suffix(".html").as_uri())
        assert violations(page, ".bd-article") == []
    finally:
        page.close()
