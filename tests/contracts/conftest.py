"""A gateway of the module's own, for the clients that other people wrote."""

from collections.abc import Iterator

import pytest

from tests.gateway_world import RunningGateway, running_gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("home")) as running:
        yield running
