import json
from pathlib import Path

import pytest
import rfc8785

VECTORS = Path(__file__).parents[2] / "vectors" / "jcs" / "testdata"


@pytest.mark.parametrize("name", sorted(path.name for path in (VECTORS / "input").iterdir()))
def test_canonical_form(name: str) -> None:
    said = json.loads((VECTORS / "input" / name).read_text("utf-8"))
    assert rfc8785.dumps(said) == (VECTORS / "output" / name).read_bytes()
