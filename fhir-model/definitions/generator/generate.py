#!/usr/bin/env python3
"""Makes the tables of FHIR R4 from the npm package hl7.fhir.r4.examples, see README.md.

usage: generate.py PACKAGE.tgz
"""

import hashlib
import json
import pathlib
import sys
import tarfile

import search
from flat import Image, Ref, fnv1a, open_addressing, power_of_two
from names import Atoms, constants_header, hash_name
from structure import JSON_FORMS, KINDS, BEST_PRACTICE, Structure, extension
from terminology import Terminology, bare

PACKAGE_SHA256 = "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682"
VERSION = "4.0.1"
READ = ("StructureDefinition", "SearchParameter", "ValueSet", "CodeSystem", "CompartmentDefinition")
NO_CONCEPT = 0xFFFFFFFF
STRENGTHS = {"required": 1, "extensible": 2, "preferred": 3, "example": 4}
BASE_PROFILES = ("SimpleQuantity", "MoneyQuantity")
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "generated"


def read_package(path):
    """All conformance resources of the package, by type, in the order of their URLs."""
    data = pathlib.Path(path).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != PACKAGE_SHA256:
        sys.exit(f"{path}: SHA-256 is {found}, expected {PACKAGE_SHA256} (hl7.fhir.r4.examples 4.0.1)")
    resources = {name: [] for name in READ}
    with tarfile.open(path) as archive:
        for member in archive:
            name = member.name.rsplit("/", 1)[-1].split("-", 1)[0]
            if name in READ:
                resources[name].append(json.load(archive.extractfile(member)))
    return {name: sorted(listed, key=lambda r: r["url"]) for name, listed in resources.items()}


def wanted_structures(package):
    """Base types first, because nested definitions look at them; no profiles but those that base elements name."""
    chosen = []
    for resource in package["StructureDefinition"]:
        if resource.get("version") != VERSION or resource["kind"] == "logical":
            continue
        if resource.get("derivation") != "constraint" or resource["name"] in BASE_PROFILES:
            chosen.append(resource)
    return chosen


def wanted_parameters(package):
    """The 1,375 of the base specification: not those of extensions, and not the examples."""
    return [p for p in package["SearchParameter"]
            if p.get("version") == VERSION and "xtension" not in p["url"] and "-genetic-" not in p["url"]
            and p["url"].rsplit("/", 1)[-1] not in ("example", "example-reference", "filter")]


class Tables:
    """Turns the models into records; the order of fields is that of the structs in definitions/*.h."""

    def __init__(self, package):
        self.image = Image()
        self.structure = Structure(wanted_structures(package))
        self.types = self.structure.ordered_types()
        self.type_ids = {t.name: number for number, t in enumerate(self.types, 1)}
        names = {"resourceType"}
        for made in self.types:
            for element in made.elements:
                names.add(element.base_name())
                names.update(json_name for _, json_name, _, _ in element.types)
        self.atoms = Atoms(names)
        self.terminology = Terminology(package["CodeSystem"] + package["ValueSet"])
        self.parameters = wanted_parameters(package)
        self.compartments = [r for r in package["CompartmentDefinition"] if r.get("version") == VERSION]

    def ids(self, numbers, code="H"):
        return self._slice(code, [(n,) for n in numbers], 2 if code == "H" else 4)

    def _slice(self, layout, rows, align=4):
        return Ref(self.image.run(layout, rows, align))

    def type_numbers(self, names):
        return self.ids([self.type_ids[n] for n in names])

    # Types

    def choice(self, listed):
        type_name, json_name, targets, profiles = listed
        return (json_name, self.type_numbers(targets), self._slice("T", [(p,) for p in profiles]),
                self.type_ids[type_name], self.atoms[json_name])

    def element(self, owner, index, e):
        definition = e.definition
        return (e.name, e.path if not owner.profile else owner.name + e.path[e.path.index("."):],
                self._slice("TSSHH", [self.choice(t) for t in e.types]), self.ids(e.invariants), e.content_reference,
                "", self.type_ids[owner.name], index, e.min, e.max, e.binding, self.atoms[e.base_name()], e.is_choice,
                e.is_array, definition.get("isSummary", False), definition.get("isModifier", False), e.is_attribute,
                e.is_inherited, 0)

    def member_hash(self, made):
        """A multiplier without collisions: find_member() in definitions/type.h."""
        members = [(self.atoms[t[1]], i, c) for i, e in enumerate(made.elements) for c, t in enumerate(e.types)]
        assert len({m[0] for m in members}) == len(members), made.name
        size, seed = power_of_two(len(members), 1), 0x9E3779B1
        for attempt in range(1 << 30):
            shift = 32 - size.bit_length() + 1
            slots = {(m[0] * seed & 0xFFFFFFFF) >> shift: m for m in members}
            if len(slots) == len(members):
                return [slots.get(s, (0, 0, 0)) for s in range(size)], shift, seed
            seed = (seed * 0x2C1B3C6D + 0x297A2D39 | 1) & 0xFFFFFFFF
            if attempt % 1000 == 999:
                size *= 2

    def ancestors(self, made):
        names = {made.name}
        while made.base in self.structure.types:
            made = self.structure.types[made.base]
            names.add(made.name)
        return names

    def type(self, made):
        slots, shift, seed = self.member_hash(made)
        numbers = search.parameters_of_type(self.parameters, self.ancestors(made)) if made.kind == "resource" else []
        elements = [self.element(made, i, e) for i, e in enumerate(made.elements)]
        form = JSON_FORMS.get(made.name, 1) if made.kind == "primitive" else 4
        return (made.name, made.url, made.regex, self._slice("TTSSTTHHHHHHBBBBBBH", elements),
                self._slice("HHH", slots, 2), self.ids(made.invariants), self.ids(numbers), self.type_ids[made.name],
                self.type_ids.get(made.base, 0), KINDS[made.kind], made.abstract, form, shift, seed, made.profile, 0, 0)

    def type_table(self):
        nothing = ("", "", "", self._slice("B", []), self._slice("HHH", [], 2), self.ids([]), self.ids([]), 0, 0, 0, 0, 0,
                   31, 1, 0, 0, 0)
        return self._slice("TTTSSSSHHBBBBIBBH", [nothing] + [self.type(t) for t in self.types])

    def invariant_table(self):
        return self._slice("TTTTBBHI", [
            (c["key"], c["human"], c.get("expression", ""), c.get("source", ""), c["severity"] == "warning",
             bool(extension(c, BEST_PRACTICE)), number, 0) for number, c in enumerate(self.structure.invariants)])

    # Terminology

    def concept_set(self, concepts):
        slots = open_addressing([(fnv1a(c.code), c.number) for c in concepts], NO_CONCEPT)
        return self.ids(slots, "I"), len(concepts), 0

    def terminology_tables(self):
        systems = sorted(self.terminology.systems.values(), key=lambda s: s.url)
        concepts = []
        for system in systems:
            for concept in system.concepts.values():
                concept.number = len(concepts)
                concepts.append(concept)
        self.system_ids = {s.url: number for number, s in enumerate(systems, 1)}
        concept_rows = [(c.code, c.display, self.system_ids[c.system.url], c.abstract,
                         c.parent.number if c.parent else NO_CONCEPT,
                         self.ids([p.number for p in c.more_parents], "I") if c.more_parents else self.no_numbers)
                        for c in concepts]
        empty = (*self.concept_set([]),)
        system_rows = [("", "", "", *empty, 0, 0, 0, 0)] + [
            (s.url, s.name, s.value_set, *self.concept_set(s.concepts.values()), s.case_sensitive, s.complete,
             self.system_ids[s.url], 0) for s in systems]
        sets = sorted(self.terminology.sets.items())
        self.set_ids = {url: number for number, (url, _) in enumerate(sets, 1)}
        set_rows = [("", "", *empty, self._slice("T", []), 2, 0, 0, 0)] + [
            (url, self.terminology.sources[url].get("name", ""), *self.concept_set(members),
             self._slice("T", [(u,) for u in unknown]), kind, 0, self.set_ids[url], 0)
            for url, (kind, members, unknown) in sets]
        return (self._slice("TTSIISBBHI", set_rows), self._slice("TTTSIIBBHI", system_rows),
                self._slice("TTHHIS", concept_rows))

    def binding_table(self):
        rows = [("", "", 0, 0, 0, 0, 0)]
        for value_set, maximum, strength in self.structure.bindings[1:]:
            rows.append((value_set, maximum, STRENGTHS[strength], 0, self.set_ids.get(bare(value_set), 0),
                         self.set_ids.get(bare(maximum), 0), 0))
        return self._slice("TTBBHHH", rows)

    # Search

    def parameter(self, number, p):
        numbers = {q["url"]: n for n, q in enumerate(self.parameters, 1)}
        parts = [(c["expression"], numbers.get(bare(c["definition"]), 0), 0) for c in p.get("component", [])]
        return (p["url"], p["code"], p.get("expression", ""), self.type_numbers(p["base"]), self.type_numbers(p.get("target", [])),
                self._slice("THH", parts), search.TYPES.index(p["type"]), p.get("multipleOr", True),
                p.get("multipleAnd", True), 0, search.comparators(p), search.modifiers(p), number, 0, 0)

    def parameter_table(self):
        nothing = ("", "", "", self.ids([]), self.ids([]), self._slice("THH", []), 8, 0, 0, 0, 0, 0, 0, 0, 0)
        rows = [nothing] + [self.parameter(n, p) for n, p in enumerate(self.parameters, 1)]
        return self._slice("TTTSSSBBBBHHHHI", rows)

    def compartment_table(self):
        rows = []
        for compartment in sorted(self.compartments, key=lambda c: c["code"]):
            members = [(self._slice("T", [(code,) for code in r["param"]]), self.type_ids[r["code"]], 0)
                       for r in compartment["resource"] if r.get("param") and r["code"] in self.type_ids]
            rows.append((compartment["url"], compartment["code"], self._slice("SHH", members),
                         self.type_ids[compartment["code"]], 0))
        return self._slice("TTSHH", rows)

    # All

    def build(self):
        root = self.image.run("ST" + "S" * 13, [None], 16)
        self.no_numbers = self.ids([], "I")
        types, invariants = self.type_table(), self.invariant_table()
        sets, systems, concepts = self.terminology_tables()
        slots = [self.ids(open_addressing([(fnv1a(name), number) for name, number in keys.items()], 0))
                 for keys in (self.type_ids, self.set_ids, self.system_ids)]
        atom_keys = [(hash_name(name), number) for name, number in self.atoms.ids.items() if name]
        root.rows = [(self._slice("B", [(b,) for b in b"FHIR"]), VERSION, types, invariants, self.binding_table(), sets,
                      systems, concepts, self.parameter_table(), self.compartment_table(), *slots,
                      self._slice("T", [(name,) for name in self.atoms.names]),
                      self.ids(open_addressing(atom_keys, 0, 4)))]
        return self.image.bytes()


def main():
    tables = Tables(read_package(sys.argv[1]))
    OUTPUT.mkdir(exist_ok=True)
    data = tables.build()
    (OUTPUT / "r4.tables").write_bytes(data)
    (OUTPUT / "atoms.h").write_text(constants_header(
        "atoms of R4's member names.", "fhir::atoms", "Atom", "fhir-model/definitions/atom.h",
        [(n, i) for n, i in tables.atoms.ids.items() if n]))
    (OUTPUT / "type_ids.h").write_text(constants_header(
        "numbers of R4's types.", "fhir::type_ids", "TypeId", "fhir-model/definitions/type.h",
        tables.type_ids.items()))
    print(f"{len(data)} bytes, {len(tables.types)} types, {len(tables.atoms.names) - 1} names, "
          f"{len(tables.parameters)} search parameters, {len(tables.terminology.sets)} value sets")


if __name__ == "__main__":
    main()
