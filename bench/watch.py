"""Speed and memory of `drumbeat watch`, beside the usual way: encode every sentence, take the cosine.

    python bench/watch.py [--data ../shared/data] [--articles N] [--baseline-articles 400]

Watches the archive with the eight themes of the recall benchmark bookmarked, in a fresh notebook, and in
the same run encodes every sentence of a sample of the same articles with the same encoder on as many
cores. Quote the ratio: machines differ, and the same machine differs from hour to hour. Memory is the
highest sum of resident memory over the process and its children, sampled ten times a second.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

from drumbeat.models.opening import open_encoder
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences

ROOT = Path(__file__).parent.parent
ARCHIVE = "allsides-2012-2018.jsonl.xz"
ARTICLES = 24_533
DRUMBEAT = Path(sys.executable).with_name("drumbeat")


def main() -> None:
    """Run both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, help="only the first N articles of the archive")
    parser.add_argument("--baseline-articles", type=int, default=400, help="a sample for the baseline, spread evenly")
    parser.add_argument("--home", type=Path, help="keep the notebook in this folder, which must not be there yet")
    options = parser.parse_args()
    if not (options.data / ARCHIVE).is_file():
        raise SystemExit(f"{options.data / ARCHIVE} is not there, so nothing was measured")
    with tempfile.TemporaryDirectory() as folder:
        watch = measure_watch(options.data, options.home or Path(folder), options.articles)
    baseline = measure_baseline(options.data, options.baseline_articles)
    print(json.dumps({"watch": watch, "encode every sentence": baseline}, indent=1))
    print(f"ratio: {watch['articles_per_second'] / baseline['articles_per_second']:.1f} x")


def measure_watch(data: Path, folder: Path, articles: int | None) -> dict[str, float]:
    """Return articles, seconds, articles per second, sightings and peak memory of a watch, and of a second run."""
    folder.mkdir(parents=True, exist_ok=True)
    home = {**os.environ, "DRUMBEAT_HOME": str(folder / "home")}
    archive = data / ARCHIVE if articles is None else cut_archive(data / ARCHIVE, folder / "cut.jsonl", articles)
    for theme in map(json.loads, (data / "recall" / "themes.jsonl").read_text().splitlines()):
        command = [
            DRUMBEAT,
            "bookmark",
            "add",
            theme["id"],
            "--statement",
            theme["statement"],
            "--since",
            theme["since"],
        ]
        subprocess.run([*command, "--bottom-line", "bench"], env=home, check=True, stdout=subprocess.DEVNULL)
    first, peak = run_watched([str(DRUMBEAT), "watch", str(archive), "--json"], home)
    again, _ = run_watched([str(DRUMBEAT), "watch", str(archive), "--json"], home)
    if again["added"] or again["sightings"]:
        raise SystemExit(f"the second run added {again['added']} articles and {again['sightings']} sightings")
    return {
        "articles": first["read"],
        "seconds": first["seconds"],
        "articles_per_second": round(first["read"] / first["seconds"], 1),
        "sightings": first["sightings"],
        "peak_megabytes": round(peak / 1e6),
        "second_run_seconds": again["seconds"],
    }


def cut_archive(archive: Path, cut: Path, articles: int, *, step: int = 1) -> Path:
    """Write every step-th line of the archive, so many in all, and return where they are."""
    with lzma.open(archive, "rb") as lines, cut.open("wb") as out:
        out.writelines(islice(lines, 0, step * articles, step))
    return cut


def run_watched(command: list[str], environment: dict[str, str]) -> tuple[dict[str, float], int]:
    """Return the summary that a watch prints, and the peak of its memory in bytes."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    peak = [0]
    sampler = threading.Thread(target=_sample, args=(process, peak), daemon=True)
    sampler.start()
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    summary: dict[str, float] = json.loads(output)["summary"]
    return summary, peak[0]


def _sample(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(resident_bytes, family_of(process.pid))))
        time.sleep(0.1)


def family_of(pid: int) -> list[int]:
    """Return the process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        below = []
    return [pid, *(member for child in below for member in family_of(child))]


def resident_bytes(pid: int) -> int:
    """Return the proportional resident memory of a process (shared pages divided among their users)."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:")), 0)


def measure_baseline(data: Path, articles: int) -> dict[str, float]:
    """Return articles per second of encoding every sentence and taking the cosine to the statements, on all cores."""
    statements = [json.loads(row)["statement"] for row in (data / "recall" / "themes.jsonl").read_text().splitlines()]
    encoder = open_encoder(threads=os.cpu_count() or 1)
    with lzma.open(data / ARCHIVE, "rt", encoding="utf-8") as lines:
        texts = [canonical_text(json.loads(line)["text"]) for line in islice(lines, 0, None, ARTICLES // articles)]
    wanted = encoder.encode(statements)
    started, sentences = time.monotonic(), 0
    for text in texts:
        parts = [span.of(text) for span in split_sentences(text)]
        sentences += len(parts)
        (encoder.encode(parts) @ wanted.T).max(initial=0.0)
    seconds = time.monotonic() - started
    return {
        "articles": len(texts),
        "seconds": round(seconds, 1),
        "articles_per_second": round(len(texts) / seconds, 2),
        "sentences_per_second": round(sentences / seconds),
    }


if __name__ == "__main__":
    main()
