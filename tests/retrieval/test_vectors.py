from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cs_bot.errors import EncoderDown
from cs_bot.models.encoders import Vectors
from cs_bot.retrieval.unfinished import Unfinished
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.testing.encoder import WordEncoder

TEXTS = ["怎么退货", "退款多久到账", "如何开具发票"]


class OtherEncoder(WordEncoder):
    name = "other"


def test_what_is_read_back_equals_what_was_encoded(tmp_path: Path) -> None:
    fresh = VectorFiles(tmp_path).vectors("r1", TEXTS, WordEncoder())
    after_restart = WordEncoder()
    kept = VectorFiles(tmp_path).vectors("r1", TEXTS, after_restart)
    np.testing.assert_array_equal(kept, fresh)
    assert after_restart.encoded == []


def test_the_next_release_encodes_new_wordings_only(tmp_path: Path) -> None:
    files, encoder = VectorFiles(tmp_path), WordEncoder()
    files.vectors("r1", TEXTS, encoder)
    encoder.encoded.clear()
    grown = files.vectors("r2", ["怎么换货", *TEXTS[::-1]], encoder)
    assert encoder.encoded == ["怎么换货"]
    np.testing.assert_array_equal(grown, WordEncoder().encode(["怎么换货", *TEXTS[::-1]]))


def test_another_encoder_shares_nothing(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    files.vectors("r1", TEXTS, WordEncoder())
    other = OtherEncoder()
    files.vectors("r1", TEXTS, other)
    assert sorted(other.encoded) == sorted(TEXTS)


@pytest.mark.parametrize("name", ["vectors.npy", "index.json"])
@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"rubbish",
        b"[]",
        b'{"encoder": "words"}',
        b'{"encoder": "words", "keys": 3, "crc32": 1}',
    ],
)
def test_a_damaged_file_is_made_again(
    name: str, damage: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files, encoder = VectorFiles(tmp_path), WordEncoder()
    fresh = files.vectors("r1", TEXTS, encoder)
    (tmp_path / "r1" / name).write_bytes(damage)
    np.testing.assert_array_equal(files.vectors("r1", TEXTS, encoder), fresh)
    assert f"{tmp_path / 'r1' / name} is damaged and will be made again" in caplog.text
    encoder.encoded.clear()
    files.vectors("r1", TEXTS, encoder)
    assert encoder.encoded == []


def test_one_flipped_bit_is_noticed(tmp_path: Path) -> None:
    files, encoder = VectorFiles(tmp_path), WordEncoder()
    fresh = files.vectors("r1", TEXTS, encoder)
    path = tmp_path / "r1" / "vectors.npy"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    np.testing.assert_array_equal(files.vectors("r1", TEXTS, encoder), fresh)


def followed(files: VectorFiles, release: str, before: str, texts: list[str], *new: str) -> None:
    encoder = WordEncoder()
    files.follow(release, before, texts, new, encoder.encode(new), encoder)


MANY = [f"问题 {n}" for n in range(40)]


def test_a_release_that_follows_shares_the_large_file(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    files.vectors("r1", MANY, WordEncoder())
    followed(files, "r2", "r1", [*MANY, "怎么换货"], "怎么换货")
    followed(files, "r3", "r2", [*MANY[1:], "怎么换货", "包邮吗"], "包邮吗")
    assert (tmp_path / "r3" / "vectors.npy").stat().st_nlink == 3
    after_restart = WordEncoder()
    texts = [*MANY[1:], "怎么换货", "包邮吗"]
    kept = VectorFiles(tmp_path).vectors("r3", texts, after_restart)
    assert after_restart.encoded == []
    np.testing.assert_array_equal(kept, WordEncoder().encode(texts))


def test_what_was_added_outlives_the_release_it_came_from(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path, releases_kept=1)
    files.vectors("r1", MANY, WordEncoder())
    followed(files, "r2", "r1", [*MANY, "怎么换货"], "怎么换货")
    assert [folder.name for folder in tmp_path.iterdir()] == ["r2"]
    after_restart = WordEncoder()
    files.vectors("r2", [*MANY, "怎么换货"], after_restart)
    assert after_restart.encoded == []


def test_many_additions_are_written_into_one_file_again(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    files.vectors("r1", MANY, WordEncoder())
    texts = [*MANY, *(f"新问题 {n}" for n in range(9))]
    followed(files, "r2", "r1", texts, *texts[40:])
    assert sorted(path.name for path in (tmp_path / "r2").iterdir()) == [
        "index.json",
        "vectors.npy",
    ]
    after_restart = WordEncoder()
    files.vectors("r2", texts, after_restart)
    assert after_restart.encoded == []


def test_following_a_release_whose_files_are_gone_keeps_all(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    followed(files, "r2", "r1", MANY[:3], *MANY[:1])
    after_restart = WordEncoder()
    files.vectors("r2", MANY[:3], after_restart)
    assert after_restart.encoded == []


def test_only_the_newest_releases_are_kept(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path, releases_kept=2)
    for release in ("r1", "r2", "r3"):
        files.vectors(release, TEXTS, WordEncoder())
    assert len(list(tmp_path.iterdir())) == 2
    assert (tmp_path / "r3").is_dir()


def test_a_folder_that_cannot_be_written_costs_speed_only(tmp_path: Path) -> None:
    taken = tmp_path / "index"
    taken.write_text("a file where the folder should be")
    vectors = VectorFiles(taken).vectors("r1", TEXTS, WordEncoder())
    assert vectors.shape == (3, WordEncoder.dimensions)


ENDLESS = """
import sys
from pathlib import Path
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.testing.encoder import WordEncoder

class Slow(WordEncoder):
    def encode(self, texts):
        if len(self.encoded) >= 384:
            print("three batches are done", flush=True)
            sys.stdin.read()
        return super().encode(texts)

texts = [f"问题 {n}" for n in range(1000)]
VectorFiles(Path(sys.argv[1])).vectors("r1", texts, Slow())
"""
MANY_MORE = [f"问题 {n}" for n in range(1000)]


def killed_while_encoding(directory: Path) -> None:
    command = [sys.executable, "-c", ENDLESS, str(directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"three batches are done\n"
        process.kill()


@pytest.mark.parametrize("torn", [0, 1, 300, 5000])
def test_a_killed_process_is_gone_on_from(tmp_path: Path, torn: int) -> None:
    killed_while_encoding(tmp_path)
    (part,) = tmp_path.glob("unfinished-64-*.bin")
    content = part.read_bytes()
    part.write_bytes(content[: len(content) - torn])
    encoder, heard = WordEncoder(), list[tuple[int, int]]()
    vectors = VectorFiles(tmp_path).vectors(
        "r1", MANY_MORE, encoder, lambda done, of: heard.append((done, of))
    )
    lost = -(-torn // (16 + 64 * 4 + 4))
    assert len(encoder.encoded) == 1000 - 384 + lost
    assert heard[-1] == (1000, 1000)
    np.testing.assert_array_equal(vectors, WordEncoder().encode(MANY_MORE))
    assert [path.name for path in tmp_path.iterdir()] == ["r1"]


def test_what_is_damaged_in_the_middle_is_encoded_again(tmp_path: Path) -> None:
    killed_while_encoding(tmp_path)
    (part,) = tmp_path.glob("unfinished-64-*.bin")
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    encoder = WordEncoder()
    vectors = VectorFiles(tmp_path).vectors("r1", MANY_MORE, encoder)
    assert len(encoder.encoded) == 1000 - 384 // 2
    np.testing.assert_array_equal(vectors, WordEncoder().encode(MANY_MORE))


def test_another_encoder_takes_nothing_of_what_was_left(tmp_path: Path) -> None:
    killed_while_encoding(tmp_path)
    other = OtherEncoder()
    VectorFiles(tmp_path).vectors("r1", MANY_MORE, other)
    assert len(other.encoded) == 1000


def test_an_encoder_that_fails_midway_is_gone_on_with(tmp_path: Path) -> None:
    class Failing(WordEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if len(self.encoded) >= 256:
                raise EncoderDown("host.test", "answered 503")
            return super().encode(texts)

    for expected in (256, 512, 768):
        failing = Failing()
        with pytest.raises(EncoderDown):
            VectorFiles(tmp_path).vectors("r1", MANY_MORE, failing)
        assert len(Unfinished(tmp_path, 64).found()) == expected
    encoder = WordEncoder()
    VectorFiles(tmp_path).vectors("r1", MANY_MORE, encoder)
    assert len(encoder.encoded) == 1000 - 768


def test_no_wordings_are_no_vectors(tmp_path: Path) -> None:
    assert VectorFiles(tmp_path).vectors("r1", [], WordEncoder()).shape == (0, 64)
