"""Pages over the wire from the production server: time, throughput and weight, as a learner's phone asks for them."""

from __future__ import annotations

import gzip
import http.client
import re
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lms.bench.machine import summary


@dataclass
class Visitor:
    """A signed-in visitor with a connection of their own."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(self.host, self.port, timeout=30)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes, str]:
        """One request; returns status, body and the address it leads to."""
        body = urllib.parse.urlencode(form) if form is not None else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, content, answer.headers.get("Location") or ""

    def send(self, page: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        """Post a form of a page, with that page's token."""
        _, content, _ = self.ask("GET", page)
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', content)
        token = found[1].decode() if found else ""
        status, _, location = self.ask("POST", path, {**form, "csrf_token": token})
        return status, location

    def sign_in(self, login: str, password: str) -> None:
        """Sign in; raises RuntimeError when that is refused."""
        status, _ = self.send("/dang-nhap", "/dang-nhap", {"identifier": login, "password": password})
        if status not in (302, 303):
            raise RuntimeError(f"sign-in answered {status}")


def weight(visitor: Visitor, path: str) -> dict[str, int]:
    """Bytes of a page and of what it loads (style, script, icons), raw and compressed as nginx would (gzip 6)."""
    _, page, _ = visitor.ask("GET", path)
    links = re.findall(rb'(?:href|src)="(/static/[^"#]+)[^"]*"', page)
    bodies = [visitor.ask("GET", link.decode())[1] for link in dict.fromkeys(links)]
    own = len(gzip.compress(page, 6))
    return {
        "page_raw": len(page),
        "page_gzip": own,
        "first_visit_gzip": own + sum(len(gzip.compress(body, 6)) for body in bodies),
    }


def throughput(visitors: list[Visitor], paths: list[str], seconds: float) -> dict[str, Any]:
    """All visitors ask for the paths in turn, as fast as they are answered, for some seconds."""
    end = time.perf_counter() + seconds

    def walk(visitor: Visitor) -> list[float]:
        taken = []
        while time.perf_counter() < end:
            for path in paths:
                began = time.perf_counter()
                status, _, _ = visitor.ask("GET", path)
                taken.append(time.perf_counter() - began)
                if status != 200:
                    raise RuntimeError(f"{path} answered {status}")
        return taken

    with ThreadPoolExecutor(len(visitors)) as pool:
        durations = [one for part in pool.map(walk, visitors) for one in part]
    return {"requests_per_second": round(len(durations) / seconds, 1), "requests": len(durations), **summary(durations)}
