"""Keyed words: published vectors, and independence of how they are asked for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from concours.peerreview.keyed import Keyed


def test_philox_gives_the_published_words() -> None:
    # Random123's kat_vectors for philox4x64 10 rounds, counter and key all ones. numpy steps its
    # counter before the first block, hence one less.
    ones = 2**64 - 1
    generator = np.random.Philox(counter=[ones - 1, ones, ones, ones], key=[ones, ones])
    words = [int(w) for w in generator.random_raw(4)]
    assert words[:2] == [0x87B092C3013FE90B, 0x438C3C67BE8D0224]
    assert words[2:] == [0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0]


def test_golden_words() -> None:
    words = [int(w) for w in Keyed(b"golden", "test").words(3)]
    assert words == GOLDEN_WORDS


def test_a_word_depends_on_its_index_alone() -> None:
    keyed = Keyed(b"s", "p")
    whole = keyed.words(100)
    for start in (0, 1, 3, 4, 5, 50):
        assert np.array_equal(keyed.words(7, start=start), whole[start : start + 7])


def test_seed_and_purpose_do_not_run_together() -> None:
    assert not np.array_equal(Keyed(b"ab", "c").words(4), Keyed(b"a", "bc").words(4))
    assert not np.array_equal(Keyed(b"a", "x").words(4), Keyed(b"a", "y").words(4))


def test_uniforms_and_normals_have_their_moments() -> None:
    keyed = Keyed(b"moments", "p")
    uniform, normal = keyed.uniforms(100_000), keyed.normals(100_000)
    assert uniform.min() > 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.004
    assert abs(normal.mean()) < 0.015
    assert abs(normal.std() - 1) < 0.01
    assert set(keyed.below(5, 1000).tolist()) == {0, 1, 2, 3, 4}


def test_another_process_with_another_hash_seed_agrees() -> None:
    code = (
        "import numpy as np; from concours.peerreview import *;"
        "p = AssignmentProblem(n_entries=50, reviewer_entry=np.arange(50), reviews_per_entry=4,"
        " parts=3); print(assign(p, seed=b'x').pairs_digest)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(h), "OMP_NUM_THREADS": str(h)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for h in (1, 2)
    }
    assert len(outputs) == 1


GOLDEN_WORDS: list[int] = [1811792556940599598, 2195153813658806524, 3489429717300747348]
