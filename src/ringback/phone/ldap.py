"""LDAP"""

from __future__ import annotations
from contextlib import asynccontextmanager


@asynccontextmanager
async def listening(exchange, access, host, port):
    yield
