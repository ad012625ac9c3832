"""Joins the verdicts of the oracle and of `lienthong validate` into examples_results.tsv.

usage: compare.py ORACLE.tsv OUTCOMES.ndjson RESULTS.tsv
"""
import json
import sys

HEAD = """# All official R4 examples (hl7.fhir.r4.examples 4.0.1) in whose verdict somebody sees an error: file, the official
# validator's first error ("valid": none; "no-verdict": it failed on the file), the key of ours ("-": none).
# Those not listed are valid for both. Made by oracle/compare.py.
"""


def official_verdicts(path):
    verdicts = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            verdict = {"valid": "valid", "crash": "no-verdict"}.get(fields[1])
            verdicts.setdefault(fields[0], verdict or fields[2] or "parser")
    return verdicts


def own_verdicts(path):
    verdicts = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            outcome = json.loads(line)
            name = outcome["extension"][0]["valueString"].split("/")[-1]
            errors = [issue for issue in outcome["issue"] if issue["severity"] in ("error", "fatal")]
            verdicts[name] = errors[0]["details"]["coding"][0]["code"] if errors else "-"
    return verdicts


def main(oracle, outcomes, results):
    official, own = official_verdicts(oracle), own_verdicts(outcomes)
    judged = [name for name in own if official.get(name, "no-verdict") != "no-verdict"]
    valid = [name for name in judged if official[name] == "valid"]
    refused = [name for name in valid if own[name] != "-"]
    accepted = [name for name in judged if official[name] != "valid" and own[name] == "-"]
    print(f"{len(own)} examples, {len(judged)} judged by both: {len(valid)} valid, of them {len(refused)} refused here; "
          f"{len(judged) - len(valid)} with errors, of them {len(accepted)} accepted here")
    with open(results, "w", encoding="utf-8") as out:
        out.write(HEAD)
        for name in sorted(own):
            line = (official.get(name, "no-verdict"), own[name])
            if line != ("valid", "-"):
                out.write("\t".join((name, *line)) + "\n")


main(*sys.argv[1:])
