from pathlib import Path

import pytest

from tests.loads.companies import generate


@pytest.fixture(scope="session")
def little_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose collection is many small units."""
    folder = tmp_path_factory.mktemp("companies") / "little"
    return generate(folder, "LITTLE", gl_lines=1, months=15, invoices=60)
