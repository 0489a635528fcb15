"""A repository on a "server" with a pull request, and checkouts of it as actions/checkout makes them."""

from __future__ import annotations

import json
from pathlib import Path

from tests import shop
from tests.repositories import commit, git, start


class Origin:
    """A bare repository below `folder` that is asked as GitHub is: any commit by its name, also shallow."""

    def __init__(self, folder, any_commit=True):
        self.folder = Path(folder)
        self.work = self.folder / "work"
        self.bare = self.folder / "origin.git"
        start(self.work)
        git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        git("config", "uploadpack.allowAnySHA1InWant", str(any_commit).lower(), cwd=self.bare)
        git("remote", "add", "origin", self.url, cwd=self.work)

    @property
    def url(self):
        return self.bare.resolve().as_uri()

    def push(self, *refspecs):
        git("push", "--quiet", "--force", "origin", *refspecs, cwd=self.work)

    def pull_request(self, base="main", head="branch"):
        """refs/pull/7/head and /merge, as GitHub makes them; the event that a workflow gets."""
        git("checkout", "--quiet", "--detach", base, cwd=self.work)
        git("merge", "--quiet", "--no-ff", "-m", "Merge", head, cwd=self.work)
        self.push("HEAD:refs/pull/7/merge", f"{head}:refs/pull/7/head", base, head)
        return {"pull_request": {"number": 7}, "repository": {"default_branch": "main"}}

    def checkout(self, folder, ref="refs/pull/7/merge", depth=1):
        """A detached checkout of one commit, with `depth` commits of history (0: with everything)."""
        folder = Path(folder)
        start(folder)
        git("remote", "add", "origin", self.url, cwd=folder)
        options = [f"--depth={depth}"] if depth else []
        specs = [f"+{ref}:refs/remotes/checked-out"]
        if not depth:
            specs.append("+refs/heads/*:refs/remotes/origin/*")
        git("fetch", "--quiet", "--no-tags", *options, "origin", *specs, cwd=folder)
        git("checkout", "--quiet", "--force", "--detach", "refs/remotes/checked-out", cwd=folder)
        return folder


def shop_with_pull_request(folder, changed=True, **kwargs):
    """The demo project with its pull request (one that breaks nothing, unless `changed`)."""
    origin = Origin(folder, **kwargs)
    shop.copy(origin.work)
    commit("The shop", origin.work)
    git("checkout", "--quiet", "-b", "branch", cwd=origin.work)
    if changed:
        shop.copy(origin.work, "shop-branch")
    commit("A change", origin.work, CHANGES_md="# Changes\n")
    return origin, origin.pull_request()


def environ(folder, event, api="", **more):
    """What the runner says of a pull request into main."""
    file = Path(folder) / "event.json"
    file.write_text(json.dumps(event), encoding="utf-8")
    said = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": "branch",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_API_URL": api,
    }
    return said | more
