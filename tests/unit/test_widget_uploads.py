"""Files that a reader opens arrive in two forms, as ipywidgets changed them."""

import ipywidgets

from alexnet_lib.widgets.uploads import uploaded

# as its documentation of version 7 prints it
SEVEN = {
    "a.png": {
        "metadata": {"name": "a.png", "type": "image/png", "size": 3},
        "content": b"one",
    },
    "b.png": {"metadata": {"name": "b.png"}, "content": memoryview(b"two")},
}
EIGHT = (
    {"name": "a.png", "type": "image/png", "size": 3, "content": memoryview(b"one")},
    {"name": "b.png", "content": memoryview(b"two")},
)


def test_both_forms_say_the_same():
    files = [("a.png", b"one"), ("b.png", b"two")]

    assert list(uploaded(SEVEN)) == files
    assert list(uploaded(EIGHT)) == files


def test_nothing_opened_is_no_file():
    assert list(uploaded(ipywidgets.FileUpload().value)) == []
    assert list(uploaded({})) == []
