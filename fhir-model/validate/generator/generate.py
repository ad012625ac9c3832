#!/usr/bin/env python3
"""Extensions and profiles of R4 itself (npm package hl7.fhir.r4.examples 4.0.1) → ../generated/r4_profiles.json.

    python3 generate.py hl7.fhir.r4.examples-4.0.1.tgz

One JSON array of StructureDefinitions, cut down to what the validator reads. A second run gives the same bytes.
"""
import hashlib
import json
import pathlib
import sys
import tarfile

PACKAGE_SHA256 = "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682"
KEPT = ("resourceType", "url", "name", "type", "derivation", "baseDefinition", "context", "contextInvariant")
KEPT_ELEMENT = ("id", "isModifier", "path", "sliceName", "slicing", "min", "max", "maxLength")
KEPT_TYPE = ("code", "profile", "targetProfile", "aggregation")
# Profiles that a resource is judged by without naming them (R4 "vital signs"), and those they rest on.
PROFILES = {"vitalsigns", "bmi", "bodyheight", "bodytemp", "bodyweight", "bp", "headcircum", "heartrate", "oxygensat",
            "resprate", "vitalspanel", "actualgroup", "groupdefinition", "shareablecodesystem", "shareablevalueset",
            "shareablelibrary", "shareablemeasure", "shareableplandefinition", "shareableactivitydefinition",
            "computableplandefinition", "cqllibrary", "clinicaldocument", "catalog", "lipidprofile", "cholesterol",
            "hdlcholesterol", "ldlcholesterol", "triglyceride", "hlaresult", "observation-genetics",
            "diagnosticreport-genetics", "servicerequest-genetics", "familymemberhistory-genetic",
            "provenance-relevant-history", "ehrsrle-auditevent", "ehrsrle-provenance", "devicemetricobservation",
            "cqf-questionnaire", "cdshooksguidanceresponse", "cdshooksrequestgroup", "cdshooksserviceplandefinition",
            "picoelement", "synthesis", "elementdefinition-de", "SimpleQuantity", "MoneyQuantity"}


def element(source):
    kept = {key: source[key] for key in KEPT_ELEMENT if key in source}
    if "slicing" in kept:
        kept["slicing"] = {k: v for k, v in kept["slicing"].items() if k in ("discriminator", "ordered", "rules")}
    for key, value in source.items():
        if key.startswith(("fixed", "pattern", "minValue", "maxValue")):
            kept[key] = value
    if "type" in source:
        kept["type"] = [{k: t[k] for k in KEPT_TYPE if k in t} for t in source["type"]]
    if "valueSet" in source.get("binding", {}):
        kept["binding"] = {k: source["binding"][k] for k in ("strength", "valueSet")}
    constraints = [{k: c[k] for k in ("key", "severity", "human", "expression") if k in c}
                   for c in source.get("constraint", []) if c["key"] not in ("ele-1", "ext-1")]
    if constraints:
        kept["constraint"] = constraints
    return kept


def definition(source):
    kept = {key: source[key] for key in KEPT if key in source}
    kept["differential"] = {"element": [element(e) for e in source["differential"]["element"]]}
    return kept


def wanted(resource):
    if resource.get("resourceType") != "StructureDefinition" or resource.get("derivation") != "constraint":
        return False
    return resource["type"] == "Extension" or resource["url"].rsplit("/", 1)[-1] in PROFILES


def main():
    package = pathlib.Path(sys.argv[1])
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    if digest != PACKAGE_SHA256:
        sys.exit(f"another package is expected: {digest}")
    found = {}
    with tarfile.open(package) as tar:
        for member in tar:
            if member.name.startswith("package/StructureDefinition-"):
                resource = json.load(tar.extractfile(member))
                if wanted(resource):
                    found[resource["url"]] = definition(resource)
    out = pathlib.Path(__file__).resolve().parent.parent / "generated" / "r4_profiles.json"
    lines = [json.dumps(found[url], separators=(",", ":"), sort_keys=True) for url in sorted(found)]
    out.write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")
    print(len(lines), "definitions")


main()
