"""Run by a Python that has openapi-core: what that refuses of the calls on standard input, as JSON."""

import json
import sys

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict


class Sent:
    """What openapi-core asks of a request."""

    method = "put"
    content_type = "application/json"
    host_url = "http://localhost"

    def __init__(self, url, body):
        base, _, query = url.partition("?")
        pairs = [tuple(part.partition("=")[::2]) for part in query.split("&") if part]
        self.path = base.removeprefix(self.host_url)
        self.body = body.encode()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(pairs), header=Headers(), cookie=ImmutableMultiDict()
        )


class Got:
    """What openapi-core asks of a response."""

    content_type = "application/json"

    def __init__(self, status, body):
        self.status_code = status
        self.data = body.encode()
        self.headers = {}


def refused(api, url, sent, status, got):
    sides = []
    request = Sent(url, sent)
    try:
        api.validate_request(request)
    except OpenAPIError:
        sides.append("sent")
    if status == 200:
        try:
            api.validate_response(request, Got(status, got))
        except OpenAPIError:
            sides.append("received")
    return sides


if __name__ == "__main__":
    given = json.load(sys.stdin)
    api = OpenAPI.from_dict(given["description"])
    json.dump([refused(api, *call) for call in given["calls"]], sys.stdout)
