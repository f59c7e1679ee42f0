from gateway.bot_api.methods import METHODS
from gateway.bot_api.page import PAGE, with_tables


def test_the_page_says_what_the_code_does() -> None:
    page = PAGE.read_text()
    assert page == with_tables(page), "python -m gateway.bot_api.page"


def test_the_page_has_every_method_once() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert len(rows) == len({row.partition("<br>")[0] for row in rows}) == len(METHODS)


def test_a_table_that_is_out_of_date_is_written_anew() -> None:
    mark = "<!-- methods: board -->\n"
    page = with_tables(f"## Board\n\n{mark}| old |\n| older |\n\nEnd\n")
    assert "old" not in page
    assert page.startswith(f"## Board\n\n{mark}| Method |")
    assert page.endswith(" |\n\nEnd\n")


def test_no_field_is_both_supported_and_ignored_or_refused() -> None:
    for method in METHODS.values():
        fields = method.fields
        groups = [set(fields.takes.split()), set(fields.ignores.split()), set(fields.refuses)]
        assert sum(map(len, groups)) == len(set.union(*groups)), method.name
