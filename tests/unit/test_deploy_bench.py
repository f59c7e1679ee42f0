from deploy.bench.overhead import quantiles


def test_quantiles_are_values_that_were_measured() -> None:
    found = quantiles([value / 1000 for value in range(1, 201)])
    assert (found.p50_ms, found.p99_ms, found.max_ms) == (100, 198, 200)


def test_the_p99_of_a_few_values_is_their_greatest() -> None:
    found = quantiles([0.003, 0.001, 0.002])
    assert (found.p50_ms, found.p99_ms) == (2, 3)
