"""The loaders of claim sets, on small invented files of the same form."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from claims import CHECKTHAT, KNOWNLIE, load_checkthat, load_knownlie
from pairs import CLAIMDIFF, SICK, load_claimdiff, load_sick

DEBATES = "knownlie-2012-2016/data/politifact/fact-checking"
HEAD = "line_number,speaker,sentence,topic,verified_claim,verified_claim_article_title,rating,url,notes"


def write_tar(path: Path, files: Mapping[str, bytes]) -> None:
    with tarfile.open(path, "w:xz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def test_tweets_are_paired_with_claims_by_their_ids(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr(
            "v3.0/verified_claims.docs.tsv",
            '\tvclaim\ttitle\n7\tThe ferry "sank".\tDid it?\n9\tGrain is gone.\tGone?\n',
        )
        for side in ("train", "dev"):
            tweets = (
                f'\ttweet_content\n3\t"{side}: it sank ""today"" https://t.co/x1 — Edda (@edda)"\n4\tnobody asked\n'
            )
            file.writestr(f"v3.0/{side}/tweets.queries.tsv", tweets)
            file.writestr(f"v3.0/{side}/tweet-vclaim-pairs.qrels", "3\t0\t9\t1\n")
    write_tar(tmp_path / CHECKTHAT, {"checkthat2020/data/v3.zip": inner.getvalue()})
    claims, train, dev = load_checkthat(tmp_path)
    assert claims.texts[1] == "Grain is gone."
    assert claims.titles == ["Did it?", "Gone?"]
    assert train.texts == ['train: it sank "today" — Edda (@edda)']
    assert dev.relevant == [frozenset({1})]


def test_debate_sentences_with_several_claims_count_once(tmp_path: Path) -> None:
    said = '5,BRANDT,"The toll — doubled, again.",x'
    rows = f"{said},Toll doubled.,Title,y,u,\n{said},Again.,T,y,u,\n"
    other = "8,VALE,It doubled.,x,Toll doubled.,Other title,y,u,WEAK\n9,VALE,Nothing.,x,,,,,\n"
    files = {"20310101_one.csv": f"{HEAD}\n{rows}", "20310202_two.csv": f"{HEAD}\n{other}"}
    garbled = {name: text.replace("—", "—".encode().decode("mac_roman")) for name, text in files.items()}
    write_tar(tmp_path / KNOWNLIE, {f"{DEBATES}/{name}": text.encode() for name, text in garbled.items()})
    claims, queries = load_knownlie(tmp_path)
    assert claims.texts == ["Again.", "Toll doubled."]
    assert queries.texts == ["The toll — doubled, again.", "It doubled."]
    assert queries.relevant == [frozenset({0, 1}), frozenset({1})]
    assert queries.groups == ["20310101_one", "20310202_two"]


def test_the_statement_of_a_sick_pair_is_its_second_sentence(tmp_path: Path) -> None:
    lines = "pair_ID\tsentence_A\tsentence_B\tscore\tjudgment\n1\tA ship sails\tA boat moves\t4.0\tENTAILMENT\n"
    write_tar(tmp_path / SICK, {"sts/data/sts/sick2014/SICK_train.txt": lines.encode()})
    pairs, labels = load_sick(tmp_path)
    assert pairs == [("A boat moves", "A ship sails")]
    assert labels.tolist() == ["ENTAILMENT"]


def test_claims_that_strengthen_and_weaken_are_joined_by_their_pair(tmp_path: Path) -> None:
    def side(*relations: int) -> bytes:
        rows = [{"pair_id": str(i), "claim_a": "a", "claim_b": f"b{i}", "relation": r} for i, r in enumerate(relations)]
        return json.dumps({"data": rows}).encode()

    files = {
        "claimdiff-train/ClaimDiff-S/ClaimDiff-strength-train.json": side(1, 0),
        "claimdiff-train/ClaimDiff-W/ClaimDiff-weak-train.json": side(0, 1),
    }
    write_tar(tmp_path / CLAIMDIFF, files)
    pairs, strengthens, weakens = load_claimdiff(tmp_path)
    assert pairs == [("a", "b0"), ("a", "b1")]
    assert strengthens.tolist() == [True, False]
    assert weakens.tolist() == [False, True]
