from collections.abc import Iterator


def lint(document, errors, workflow_type) -> Iterator:
    return iter(())
