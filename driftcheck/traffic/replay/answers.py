"""An answer as a whole: status, headers and body against what was recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from driftcheck.difference import Change
from driftcheck.traffic.exchange import Exchange, Response
from driftcheck.traffic.media import essence, header, is_json
from driftcheck.traffic.replay.chain import Chain, collection
from driftcheck.traffic.replay.compare import Comparison, Problem
from driftcheck.traffic.replay.leaves import same_link
from driftcheck.traffic.replay.noise import NoiseBook
from driftcheck.traffic.replay.requests import parsed


@dataclass(frozen=True, slots=True)
class Message:
    """A difference outside the body."""

    subject: str
    attribute: str | None
    pointer: str
    recorded: str | int | None = None
    given: str | int | None = None
    name: str | None = None


@dataclass(slots=True, eq=False)
class Outcome:
    """What one comparison gave. `total` and `asserted` count values of the recorded answer."""

    status: int
    problems: list[Problem] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    total: int = 0
    asserted: int = 0
    ruled: int = 0
    in_body: int = 0  # asserted values of the body
    varying: Counter[str] = field(default_factory=Counter)


class Answers:
    """The recorded answer of one call, to be compared."""

    def __init__(self, item: Exchange, book: NoiseBook, chain: Chain, label: str) -> None:
        self.item = item
        self.chain = chain
        self.rules = book.of(label, item.noise)

    def compare(self, given: Response | None) -> Outcome:
        """What is not as it was recorded; ids of the answer are learned for later calls."""
        recorded = self.item.response
        assert recorded is not None
        outcome = Outcome(recorded.status, total=1, asserted=1)
        if given is None:
            self.rules.spare()
            outcome.messages.append(Message("replay-answer", "missing", ""))
            return outcome
        pointer = f"/responses/{recorded.status}"
        if given.status != recorded.status:
            self.rules.spare()
            outcome.messages.append(
                Message(
                    "replay-status", "status", pointer, recorded.status, given.status, str(recorded.status)
                )
            )
            return outcome
        self._media_type(recorded, given, pointer, outcome)
        self._location(recorded, given, pointer, outcome)
        for name in ("etag", "last-modified"):
            self.chain.learn_header(header(recorded.headers, name), header(given.headers, name))
        for name, _ in recorded.headers:
            self.rules.header(name)
        if self.item.request.method != "HEAD":
            self._body(recorded, given, outcome)
        return outcome

    def _media_type(self, recorded: Response, given: Response, pointer: str, outcome: Outcome) -> None:
        old, new = header(recorded.headers, "content-type"), header(given.headers, "content-type")
        if old is None or self.rules.header("content-type"):
            return
        outcome.total += 1
        outcome.asserted += 1
        if essence(old) != essence(new or ""):
            made = Message(
                "replay-header", "media-type", f"{pointer}/headers/content-type", essence(old),
                essence(new) if new else None, "content-type",
            )  # fmt: skip
            outcome.messages.append(made)

    def _location(self, recorded: Response, given: Response, pointer: str, outcome: Outcome) -> None:
        old, new = header(recorded.headers, "location"), header(given.headers, "location")
        if old is None or self.rules.header("location"):
            return
        outcome.total += 1
        created = self.item.request.method == "POST"
        outcome.asserted += not created
        outcome.varying.update({"new id": int(created)} if created else {})
        place = f"{pointer}/headers/location"
        if new is None:
            outcome.messages.append(Message("replay-header", "missing", place, name="location"))
        elif not same_link(self.chain, _bare(old), _bare(new), created=created):
            outcome.messages.append(Message("replay-header", "location", place, name="location"))
        else:
            self.chain.learn_link(_bare(old), _bare(new))

    def _body(self, recorded: Response, given: Response, outcome: Outcome) -> None:
        before, after = recorded.body, given.body
        if before.state not in ("present", "binary"):
            self.rules.spare()
            return
        media_type = before.media_type or header(recorded.headers, "content-type") or ""
        old = parsed(before.content) if is_json(media_type) and before.content else None
        if old is None:
            self._bytes(recorded, given, outcome)
            return
        new = parsed(after.content) if after.content else None
        if new is None and after.content.strip() != b"null":
            self.rules.spare()
            outcome.total += 1
            outcome.messages.append(Message("replay-body", "syntax", f"/responses/{recorded.status}/body"))
            return
        created = self.item.request.method == "POST" and recorded.status < 300
        around = collection(self.item.request.url)
        comparison = Comparison(self.rules, self.chain, around, created)
        outcome.problems += comparison.run(old, new)
        comparison.learn(old, new)
        outcome.total += comparison.total
        outcome.asserted += comparison.asserted
        outcome.in_body += comparison.asserted
        outcome.ruled += comparison.ruled
        outcome.varying.update(comparison.varying)

    def _bytes(self, recorded: Response, given: Response, outcome: Outcome) -> None:
        """A body that is no JSON is the same, or it is not."""
        if not recorded.body.content and not given.body.content:
            return
        outcome.total += 1
        rule = self.rules.find(())
        if rule is not None:
            outcome.ruled += 1
            outcome.varying["noise"] += 1
            return
        outcome.asserted += 1
        outcome.in_body += 1
        if recorded.body.content != given.body.content:
            outcome.problems.append(
                Problem((), Change.CHANGED, "value", "text", given.body.content.decode("latin-1"))
            )


def _bare(link: str) -> str:
    """A link without scheme and host, which are others in every run."""
    _, mark, rest = link.partition("://")
    return "/" + rest.partition("/")[2] if mark else link
