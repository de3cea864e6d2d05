"""axe-core on parts of a page: what it finds, one line for each element."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """
async ([css, rules, without]) => {
    const off = Object.fromEntries(without.map(rule => [rule, {enabled: false}]));
    const options = {runOnly: rules, resultTypes: ['violations'], rules: off};
    const found = await axe.run({include: [[css]]}, options);
    return found.violations.flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)
    );
}
"""


def violations(page, css: str, without: tuple[str, ...] = ()) -> list[str]:
    """What breaks a rule inside the elements that a selector finds.

    without: rules that are not asked, by their names.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    assert page.locator(css).count(), f"nothing on this page is {css!r}"
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, [css, list(RULES), list(without)])
