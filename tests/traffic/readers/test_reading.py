"""Files and folders as a whole: what is found, told apart by content, broken, encoded, hostile."""

from __future__ import annotations

import codecs
import gzip
import json
import tracemalloc
import zipfile

import pytest

from driftcheck.traffic.exchange import Exchange, Request, Source
from driftcheck.traffic.readers import reading as module
from driftcheck.traffic.readers.sniff import kind_of

ENTRY = {
    "request": {"method": "GET", "url": "http://shop.test/a", "headers": []},
    "response": {"status": 200, "headers": [], "content": {"text": "é", "mimeType": "text/plain"}},
}
HAR = json.dumps({"log": {"entries": [ENTRY]}}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("har/shop.har", "har"),
        ("keploy/keploy/test-set-0/mocks.yaml", "keploy"),
        ("keploy/keploy/test-set-0/tests/test-3.yaml", "keploy"),
        ("keploy/keploy.yml", "keploy-config"),
        ("postman/shop.postman_collection.json", "postman"),
        ("postman/shop.postman_environment.json", "postman-environment"),
        ("newman/report.json", "newman"),
        ("pact/v2.json", "pact"),
        ("pact/v3.json", "pact"),
        ("pact/v4.json", "pact"),
        ("vcr/vcrpy.yaml", "vcr"),
        ("vcr/schemathesis.yaml", "vcr"),
        ("wiremock/mappings/order.json", "wiremock"),
        ("wiremock/mappings/many.json", "wiremock"),
        ("ndjson/calls.ndjson", "ndjson"),
    ],
)
def test_formats_are_told_by_content(name, kind, tmp_path):
    from tests.traffic.readers.conftest import FIXTURES

    content = (FIXTURES / name).read_bytes()
    for other in ("x.json", "x.yaml", "x.txt"):
        (tmp_path / other).write_bytes(content)
        assert kind_of(tmp_path / other) == kind


@pytest.mark.parametrize(
    "text",
    [
        '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}',
        "openapi: 3.1.0\ninfo: {title: t}\n",
        '{"name": "package", "version": "1.0.0", "dependencies": {}}',
        "version: 2\njobs: {}\n",
        "interactions is a word\n",
        "[1, 2]",
        "{}",
        "hello",
        '{"log": "off"}',
        '{"interactions": 3}',
        "name: ci\non: push\njobs:\n  test: {}\n",
    ],
)
def test_other_files_are_none_of_ours(text, written, tmp_path):
    read = written("thing.json", text)
    assert not read.calls
    assert [item.why.split(" (")[0] for item in read.wrong] == ["in no format that driftcheck reads"]
    (tmp_path / "folder").mkdir()
    (tmp_path / "thing.json").rename(tmp_path / "folder" / "thing.json")


def test_strange_files_in_a_folder_are_counted_once(tmp_path, reading):
    (tmp_path / "a.har").write_text(HAR)
    for name in ("package.json", "ci.yml", "notes.txt"):
        (tmp_path / name).write_text("{}")
    read = reading(tmp_path)
    assert len(read.calls) == 1
    assert not read.wrong
    assert [item.why for item in read.notes] == ["2 files are in no format that driftcheck reads"]


def test_a_bad_file_does_not_stop_the_others(tmp_path, reading):
    whole = json.dumps(ENTRY)
    (tmp_path / "a.har").write_text('{"log": {"entries": [\n' + f"{whole},\n{whole[:-20]}")
    (tmp_path / "b.har").write_text(HAR)
    read = reading(tmp_path)
    assert [(call.source.file[-5:], call.source.line) for call in read.calls] == [("a.har", 2), ("b.har", 1)]
    assert [(item.file[-5:], item.line) for item in read.wrong] == [("a.har", 3)]
    assert "cut off" in read.wrong[0].why


@pytest.mark.parametrize("folder", ["reports", "testReports", "schema", "api-tests"])
def test_what_keploy_writes_of_its_runs_is_passed_over(folder, tmp_path, reading):
    (tmp_path / "keploy" / folder).mkdir(parents=True)
    (tmp_path / "keploy" / folder / "a.har").write_text(HAR)
    assert not reading(tmp_path).calls
    (tmp_path / "other" / folder).mkdir(parents=True)
    (tmp_path / "other" / folder / "a.har").write_text(HAR)
    assert len(reading(tmp_path / "other").calls) == 1


def test_folders_are_walked_in_order_and_hidden_ones_are_not(tmp_path, reading):
    for name in ("b/1.har", "a/2.har", ".git/3.har", "node_modules/4.har", "__files/5.har"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(HAR)
    assert [call.source.file[-7:] for call in reading(tmp_path).calls] == ["a/2.har", "b/1.har"]


def test_globs_and_files_that_are_not_there(tmp_path, reading):
    (tmp_path / "a.har").write_text(HAR)
    assert len(reading(tmp_path / "*.har").calls) == 1
    assert len(reading(tmp_path / "**" / "*.har").calls) == 1
    assert [item.why for item in reading(tmp_path / "b.har").wrong] == ["no such file"]
    (tmp_path / "empty").mkdir()
    assert [item.why for item in reading(tmp_path / "empty").wrong] == ["there are no recordings here"]


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + HAR.encode(),
        HAR.encode("utf-16"),
        HAR.encode("utf-32"),
        gzip.compress(HAR.encode()),
        ("\n \n" + HAR).encode(),
        HAR.replace("{", "{\r\n").encode(),
    ],
    ids=["bom", "utf-16", "utf-32", "gzip", "space", "crlf"],
)
def test_encodings(content, written):
    assert written("a.har", content).only.response.body.content == "é".encode()


def test_bytes_that_are_no_utf8_are_kept(written):
    body = written("a.har", HAR.encode("latin-1")).only.response.body
    assert body.content == "é".encode("latin-1")


def test_lone_surrogates_are_survived(written):
    assert written("a.har", HAR.replace("é", "\\ud800")).only.response.body.content == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.har", '{"log": {"entries": [' + "[" * 200_000, "nested too deeply"),
        ("a.har", '{"log": {"entries": [{"request"', "cut off"),
        ("a.har", gzip.compress(HAR.encode())[:-12], "cut off"),
        ("mocks.gob", b"\x13\xff\x81\x03", "binary format"),
        ("v3.yaml", "$kind: collection\nname: shop\n", "v3"),
        ("a.har", '{"log": {"entries": [' + "9" * 5000 + "]}}", "digits"),
    ],
    ids=["deep", "torn", "torn gzip", "gob", "postman v3", "digits"],
)
def test_bad_files_are_said_to_be_bad(name, content, why, written):
    read = written(name, content)
    assert not read.calls
    assert len(read.wrong) == 1
    assert why in read.wrong[0].why


def test_memory_does_not_follow_the_size(tmp_path, reading):
    entry = json.dumps({**ENTRY, "comment": "x" * 2000})

    def peak(count):
        file = tmp_path / f"{count}.har"
        file.write_text('{"log": {"entries": [' + ",\n".join([entry] * count) + "]}}")
        tracemalloc.start()
        total = sum(1 for _ in module.read([str(file)]))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == count
        return size

    assert peak(8000) < 2 * peak(2000), "16 MB are read with what 4 MB need"


def test_third_parties_bring_readers_of_their_own(tmp_path, monkeypatch, reading):
    class Own:
        def sniff(self, path):
            return path.suffix == ".own"

        def read(self, path, file):
            yield Exchange(source=Source(file, "own"), request=Request("GET", path.read_text()))

    module.third_parties.cache_clear()
    monkeypatch.setattr(module, "third_parties", lambda: (Own(),))
    (tmp_path / "a.own").write_text("/a")
    assert reading(tmp_path / "a.own").only.request.url == "/a"


def test_paths_are_shown_below_the_working_directory(tmp_path, monkeypatch, reading):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.har").write_text(HAR)
    monkeypatch.chdir(tmp_path)
    assert reading("sub").only.source.file == "sub/a.har"
    monkeypatch.chdir(tmp_path / "sub")
    assert reading("../sub/a.har").only.source.file == "a.har"


@pytest.mark.parametrize("content", [b"", b" \n", gzip.compress(b"")], ids=["empty", "space", "packed"])
def test_an_empty_file_is_a_run_without_calls(content, written):
    read = written("a.ndjson", content)
    assert (read.calls, read.wrong) == ([], [])
    assert [item.why for item in read.notes] == ["the file is empty"]


def test_schemathesis_events_are_told_kindly(written):
    read = written("events.ndjson", '{"Initialize": {"seed": 1}}\n{"LoadingStarted": {}}\n')
    assert ["--report har" in item.why for item in read.wrong] == [True]


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return path


ATTACHED = json.dumps(
    {
        "log": {
            "entries": [
                {
                    "request": {"method": "GET", "url": "http://shop.test/a", "headers": []},
                    "response": {
                        "status": 200,
                        "headers": [],
                        "content": {"mimeType": "application/json", "_file": "0123.json"},
                    },
                }
            ]
        }
    }
)


def test_a_har_in_a_zip_with_its_bodies(tmp_path, reading):
    zipped(tmp_path / "run.har.zip", har__har=ATTACHED, **{"0123__json": '{"id": 1}'})
    call = reading(tmp_path).only
    assert call.response.body.content == b'{"id": 1}'
    assert call.source.file.endswith("run.har.zip")


def test_zips_that_are_no_recordings(tmp_path, reading):
    zipped(tmp_path / "trace.zip", trace__trace="{}")
    read = reading(tmp_path)
    assert (read.calls, read.wrong) == ([], [])
    assert [item.why for item in read.notes] == ["1 file is in no format that driftcheck reads"]


def test_broken_zips_are_told_and_the_others_go_on(tmp_path, reading):
    whole = zipped(tmp_path / "a.zip", har__har=ATTACHED).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:-30])
    (tmp_path / "b.har").write_text(HAR)
    read = reading(tmp_path)
    assert len(read.calls) == 1
    assert [item.why for item in read.wrong] == ["the ZIP is broken: it was cut off"]


def test_a_zip_writes_nothing_outside_of_its_folder(tmp_path, reading):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("har.har", ATTACHED.replace("0123.json", "../evil.json"))
        archive.writestr("../evil.json", '{"id": 1}')
    assert reading(tmp_path).only.response.body.state == "external"


def test_bodies_and_frames_beside_a_har_are_no_recordings(tmp_path, reading):
    (tmp_path / "a.har").write_text(HAR)
    for length in (32, 40):
        (tmp_path / f"{'0a' * (length // 2)}.json").write_text(HAR)
    read = reading(tmp_path)
    assert (len(read.calls), read.notes) == (1, [])


def test_a_collection_of_postman_3_is_one_finding(tmp_path, reading):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.request.yaml").write_text('$kind: http-request\nurl: "/a"\n')
    (item,) = reading(tmp_path).wrong
    assert "export it as v2.1" in item.why
    named = reading(tmp_path / "a.request.yaml", tmp_path / "b.request.yaml")
    assert len(named.wrong) == 2
