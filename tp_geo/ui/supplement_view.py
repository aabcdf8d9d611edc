"""x"""


def body() -> None: ...
