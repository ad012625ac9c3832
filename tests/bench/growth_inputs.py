"""Writes invented definitions and Bundles of growing size. usage: growth_inputs.py FOLDER"""
import json
import pathlib
import sys
import uuid

folder = pathlib.Path(sys.argv[1])
BASE = "http://example.org/fhir"


def value_set(number):
    return {"resourceType": "ValueSet", "url": f"{BASE}/ValueSet/set-{number}", "status": "active",
            "compose": {"include": [{"system": f"{BASE}/CodeSystem/codes-{number}",
                                     "concept": [{"code": f"c{i}"} for i in range(50)]}]}}


def profile(number):
    """On Observation: cardinalities, a binding, a constraint and two slices."""
    elements = [
        {"id": "Observation", "path": "Observation",
         "constraint": [{"key": f"gr-{number}", "severity": "error", "human": "a value or a reason",
                         "expression": "value.exists() or dataAbsentReason.exists() or hasMember.exists()"}]},
        {"id": "Observation.category", "path": "Observation.category", "min": 1,
         "slicing": {"discriminator": [{"type": "pattern", "path": "$this"}], "rules": "open"}},
        {"id": "Observation.category:kind", "path": "Observation.category", "sliceName": "kind", "max": "1",
         "patternCodeableConcept": {"coding": [{"system": f"{BASE}/CodeSystem/codes-{number}", "code": "c1"}]}},
        {"id": "Observation.code", "path": "Observation.code",
         "binding": {"strength": "required", "valueSet": f"{BASE}/ValueSet/set-{number}"}},
    ]
    return {"resourceType": "StructureDefinition", "url": f"{BASE}/StructureDefinition/profile-{number}",
            "name": f"Profile{number}", "status": "active", "kind": "resource", "abstract": False, "type": "Observation",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint",
            "differential": {"element": elements}}


def observation(number, subject):
    return {"resourceType": "Observation", "id": f"o{number}", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                      "code": "vital-signs"}]}],
            "effectiveDateTime": "2024-03-01T08:30:00+07:00", "subject": {"reference": subject},
            "valueQuantity": {"value": 72, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}}


def patient(number):
    return {"resourceType": "Patient", "id": f"p{number}", "name": [{"family": f"Invented{number}"}]}


def bundle(count, kind):
    """Every second entry is a patient; each observation refers to the patient before it."""
    entries = []
    for i in range(count):
        name = f"p{i}" if i % 2 == 0 else f"o{i}"
        urls = {"transaction": lambda n: f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, n)}",
                "collection": lambda n: f"{BASE}/{'Patient' if n[0] == 'p' else 'Observation'}/{n}"}[kind]
        subject = urls(f"p{i - 1}") if kind == "transaction" else f"Patient/p{i - 1}"
        resource = patient(i) if i % 2 == 0 else observation(i, subject)
        entry = {"fullUrl": urls(name), "resource": resource}
        if kind == "transaction":
            entry["request"] = {"method": "POST", "url": resource["resourceType"]}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def write(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


write(folder / "resources.ndjson",
      [patient(i) if i % 2 == 0 else observation(i, f"Patient/p{i - 1}") for i in range(2000)])
for size in (0, 100, 1000):
    (folder / f"definitions-{size}").mkdir(parents=True)
    for i in range(size):
        write(folder / f"definitions-{size}" / f"profile-{i}.json", [profile(i)])
        write(folder / f"definitions-{size}" / f"set-{i}.json", [value_set(i)])
for kind in ("transaction", "collection"):
    for size in (10, 100, 1000, 10000):
        write(folder / f"{kind}-{size}.ndjson", [bundle(size, kind)] * (20000 // size))
