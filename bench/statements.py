"""What more bookmarked statements cost: `drumbeat watch` with 10, 1,000 and 10,000, and the usual way beside it.

    python bench/statements.py [--data ../shared/data] [--statements 10 1000 10000] [--articles 800]

The statements are the first of the fact-checked claims of CheckThat! 2020 (those of 20 to 300 characters) in a fixed
random order, one theme each; the articles are spread over the archive. The usual way is that of `watch.py`, with eight
statements whatever the number here. All in one run, each in a fresh notebook: quote the ratios.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import subprocess
import tarfile
import tempfile
import zipfile
from itertools import islice
from pathlib import Path

from watch import ARCHIVE, ARTICLES, DRUMBEAT, ROOT, cut_archive, measure_baseline, run_watched

CLAIMS = "checkthat2020.tar.xz", "checkthat2020/data/v3.zip", "v3.0/verified_claims.docs.tsv"


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--statements", type=int, nargs="+", default=[10, 1000, 10_000])
    parser.add_argument("--articles", type=int, default=800)
    options = parser.parse_args()
    if not all((options.data / name).is_file() for name in (ARCHIVE, CLAIMS[0])):
        raise SystemExit(f"{ARCHIVE} or {CLAIMS[0]} is not in {options.data}, so nothing was measured")
    claims = load_claims(options.data)
    if max(options.statements) > len(claims):
        raise SystemExit(f"there are only {len(claims)} claims; ask for fewer --statements")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step = max(1, ARTICLES // options.articles)
        archive = cut_archive(options.data / ARCHIVE, folder / "some.jsonl", options.articles, step=step)
        found = {
            count: measure(claims[:count], archive, folder / str(count)) for count in dict.fromkeys(options.statements)
        }
    baseline = measure_baseline(options.data, 200)
    print(json.dumps({"watch": found, "encode every sentence": baseline}, indent=1))
    first = found[options.statements[0]]["seconds"]
    for count, row in found.items():
        faster, longer = row["articles_per_second"] / baseline["articles_per_second"], row["seconds"] / first
        print(f"{count} statements: {longer:.2f} x the time of {options.statements[0]}, {faster:.1f} x the usual way")


def measure(claims: list[str], archive: Path, folder: Path) -> dict[str, float]:
    """Return seconds, articles per second, sightings and peak memory of a watch with these statements."""
    folder.mkdir()
    home = {**os.environ, "DRUMBEAT_HOME": str(folder / "home")}
    themes = [{"name": f"claim-{i}", "statements": [text], "bottom_line": "bench"} for i, text in enumerate(claims)]
    (folder / "themes.json").write_text(json.dumps(themes))
    command = [str(DRUMBEAT), "bookmark", "import", str(folder / "themes.json")]
    subprocess.run(command, env=home, check=True, stdout=subprocess.DEVNULL)
    summary, peak = run_watched([str(DRUMBEAT), "watch", str(archive), "--json"], home)
    return {
        "seconds": summary["seconds"],
        "articles_per_second": round(summary["read"] / summary["seconds"], 1),
        "sightings": summary["sightings"],
        "peak_megabytes": round(peak / 1e6),
    }


def load_claims(data: Path) -> list[str]:
    """Return the claims in a fixed random order, without doubles."""
    file, inner, table = CLAIMS
    with tarfile.open(data / file) as tar:
        packed = tar.extractfile(inner)
        with zipfile.ZipFile(io.BytesIO(packed.read() if packed else b"")) as zipped:
            rows = csv.reader(io.StringIO(zipped.read(table).decode("utf-8")), delimiter="\t")
            claims = list(dict.fromkeys(row[1].strip() for row in islice(rows, 1, None) if len(row) > 1))
    random.Random(4).shuffle(claims)  # noqa: S311 - a fixed order, no secret
    return [claim for claim in claims if 20 <= len(claim) <= 300]


if __name__ == "__main__":
    main()
