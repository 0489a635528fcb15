"""Lines for curl, run by a real shell: what curl would be called with is what was meant."""

import shutil
import subprocess

import pytest

from driftcheck.report.curl_line import Unshown, line

SHELLS = [shell for shell in ("sh", "bash") if shutil.which(shell)]
SHOW = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }\n'


def words(written, shell):
    """What curl is called with."""
    script = f"BASE_URL=http://host\nAUTHORIZATION='Bearer x'\n{SHOW}{written}"
    found = subprocess.run([shell, "-c", script], capture_output=True, check=True).stdout
    return found.split(b"\0")


@pytest.mark.parametrize("shell", SHELLS)
class TestInAShell:
    @pytest.mark.parametrize(
        "target", ["/items", "/a?q=1&r=%20", "/a!b", "/$HOME", "/a`id`", '/a"b', "/a\\b", "/it's", "/a;id"]
    )
    def test_a_target_arrives_as_it_is(self, shell, target):
        assert words(line("GET", target), shell) == [b"http://host" + target.encode(), b""]

    @pytest.mark.parametrize(
        "body", [b"{}", b"", b'it\'s $HOME `id` "x" \\n', b"-n", b"%s%d", b"@/etc/passwd", b"!!"]
    )
    def test_a_printable_body_is_an_option(self, shell, body):
        found = words(line("POST", "/items", (), body), shell)
        assert found == [b"-X", b"POST", b"http://host/items", b"--data-raw", body, b""]

    @pytest.mark.parametrize(
        "body", [b"\0", b"V\xbe\xa4", b"-\xff", b"%s\r\n--x\r\n'\\\"$HOME`", bytes(range(256)), b"1\x002"]
    )
    def test_any_other_body_is_made_by_printf(self, shell, body):
        written, _, call = line("PUT", "/items", (), body).partition(" | ")
        assert words(call, shell) == [b"-X", b"PUT", b"http://host/items", b"--data-binary", b"@-", b""]
        assert subprocess.run([shell, "-c", written], capture_output=True, check=True).stdout == body

    def test_a_value_that_is_not_shown_is_a_variable(self, shell):
        found = words(line("GET", "/", [Unshown("Authorization"), "-H", "X-A: it's"]), shell)
        assert found == [b"http://host/", b"-H", b"Authorization: Bearer x", b"-H", b"X-A: it's", b""]

    def test_a_header_of_strange_name_runs_nothing(self, shell):
        found = words(line("GET", "/", [Unshown("X`id`'")]), shell)
        assert found == [b"http://host/", b"-H", b"X`id`': ", b""]


@pytest.mark.parametrize(
    ("method", "target", "options", "data", "switches"),
    [
        ("GET", "/", (), None, ""),
        ("GET", "/", (), b"{}", "-X GET "),
        ("GET", "/", ("--form-string", "a=1"), None, "-X GET "),
        ("HEAD", "/", (), None, "--head "),
        ("DELETE", "/", (), None, "-X DELETE "),
        ("GET", "/?f[x]=1", (), None, "--globoff "),
        ("GET", "/a/../b", (), None, "--path-as-is "),
        ("GET", "/a?x=/../b", (), None, ""),
    ],
)
def test_curl_sends_what_is_asked_for(method, target, options, data, switches):
    assert line(method, target, options, data).startswith(f'curl {switches}"$BASE_URL')


@pytest.mark.parametrize(
    ("target", "options"), [("/é", ()), ("/", ("-H", "X: é")), ("/", ("-H", "X: \x1b[2J"))]
)
def test_what_is_not_printable_ascii_is_not_written(target, options):
    assert line("GET", target, options) is None
