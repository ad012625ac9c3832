"""CodeSystems and ValueSets → concepts, and which value sets they decide."""

import iso

CLOSED, PARTIAL, EXTERNAL, MIME_TYPES, LANGUAGES, CURRENCIES, UCUM = range(7)
WHOLE_SYSTEM_KINDS = {
    "urn:ietf:bcp:13": MIME_TYPES, "urn:ietf:bcp:47": LANGUAGES, "http://unitsofmeasure.org": UCUM,
}


def bare(url):
    return (url or "").split("|", 1)[0]


class ConceptModel:
    def __init__(self, code, display, system, parent=None, abstract=False):
        self.code, self.display, self.system, self.parent, self.abstract = code, display, system, parent, abstract
        self.more_parents = []
        self.number = None


class SystemModel:
    def __init__(self, url, name="", value_set="", complete=False, case_sensitive=True):
        self.url, self.name, self.value_set = url, name, value_set
        self.complete, self.case_sensitive = complete, case_sensitive
        self.concepts = {}

    def add(self, code, display, parent=None, abstract=False):
        return self.concepts.setdefault(code, ConceptModel(code, display, self, parent, abstract))


class Undecidable(Exception):
    """The include needs codes that FHIR does not publish."""


class Terminology:
    def __init__(self, resources):
        self.systems = {}
        self.sources = {}
        self.sets = {}
        for resource in resources:
            if resource["resourceType"] == "CodeSystem":
                self._add_system(resource)
        for resource in resources:
            if resource["resourceType"] == "ValueSet":
                self.sources[bare(resource["url"])] = resource
        self._add_currencies()
        for url in self.sources:
            self.value_set(url)

    def _add_currencies(self):
        system = self.systems.setdefault("urn:iso:std:iso:4217", SystemModel("urn:iso:std:iso:4217", "ISO4217"))
        for code in iso.CURRENCIES:
            system.add(code, "")

    def _add_system(self, resource):
        complete = resource["content"] == "complete"
        system = SystemModel(resource["url"], resource.get("name", ""), bare(resource.get("valueSet")), complete,
                             resource.get("caseSensitive", False))
        self.systems[resource["url"]] = system
        self._add_concepts(system, resource.get("concept", []), None)
        for concept in system.concepts.values():
            concept.more_parents = [system.concepts[p] for p in concept.more_parents if p in system.concepts]
            if concept.parent is None and concept.more_parents:
                concept.parent = concept.more_parents.pop(0)

    def _add_concepts(self, system, listed, parent):
        for item in listed:
            properties = item.get("property", [])
            abstract = any(p["code"] in ("notSelectable", "abstract") and p.get("valueBoolean") for p in properties)
            concept = system.add(item["code"], item.get("display", ""), parent, abstract)
            concept.more_parents += [p["valueCode"] for p in properties if p["code"] == "subsumedBy" and "valueCode" in p]
            self._add_concepts(system, item.get("concept", []), concept)

    def value_set(self, url):
        """The expansion of a value set: (kind, concepts in order, systems not known)."""
        if url not in self.sets:
            self.sets[url] = (EXTERNAL, [], [])  # a set that includes itself ends here
            self.sets[url] = self._expand(self.sources[url])
        return self.sets[url]

    def _expand(self, resource):
        compose = resource.get("compose", {})
        concepts, unknown, kinds = {}, [], set()
        for include in compose.get("include", []):
            try:
                for concept in self._included(include):
                    concepts[id(concept)] = concept
            except Undecidable as open_part:
                unknown.append(str(open_part))
                kinds.add(WHOLE_SYSTEM_KINDS.get(str(open_part), PARTIAL))
        for exclude in compose.get("exclude", []):
            try:
                for concept in self._included(exclude):
                    concepts.pop(id(concept), None)
            except Undecidable as open_part:
                unknown.append(str(open_part))
                kinds.add(PARTIAL)
        return self._kind(resource, concepts, unknown, kinds), list(concepts.values()), sorted(set(unknown))

    @staticmethod
    def _kind(resource, concepts, unknown, kinds):
        if resource["url"] == "http://hl7.org/fhir/ValueSet/all-languages":
            return LANGUAGES
        if resource["url"] == "http://hl7.org/fhir/ValueSet/currencies":
            return CURRENCIES
        if not unknown:
            return CLOSED if concepts else EXTERNAL
        if len(kinds) == 1 and not concepts:
            kind = kinds.pop()
            return EXTERNAL if kind == PARTIAL else kind
        return PARTIAL

    def _included(self, include):
        found = None
        if "system" in include:
            found = self._of_system(include)
        for imported in include.get("valueSet", []):
            members = self._imported(bare(imported))
            found = members if found is None else [c for c in found if c in members]
        return found or []

    def _imported(self, url):
        if url not in self.sources:
            raise Undecidable(url)
        kind, concepts, unknown = self.value_set(url)
        if unknown:
            raise Undecidable(unknown[0])
        return concepts

    def _of_system(self, include):
        url = bare(include["system"])
        system = self.systems.setdefault(url, SystemModel(url))
        if include.get("concept"):
            return [system.add(c["code"], c.get("display", "")) for c in include["concept"]]
        if url == "urn:iso:std:iso:4217" and not include.get("filter"):
            return list(system.concepts.values())
        if not system.complete:
            raise Undecidable(url)
        chosen = list(system.concepts.values())
        for condition in include.get("filter", []):
            chosen = [c for c in chosen if self._passes(c, condition, url)]
        return chosen

    @staticmethod
    def _passes(concept, condition, url):
        operation, value = condition["op"], condition["value"]
        if condition["property"] != "concept" or operation not in ("is-a", "descendent-of", "is-not-a"):
            raise Undecidable(url)
        below = any(c.code == value for c in ancestors(concept))
        if operation == "is-a":
            return below or concept.code == value
        if operation == "is-not-a":
            return not below and concept.code != value
        return below


def ancestors(concept):
    found, waiting = {}, [concept]
    while waiting:
        at = waiting.pop()
        for parent in ([at.parent] if at.parent else []) + at.more_parents:
            if id(parent) not in found:
                found[id(parent)] = parent
                waiting.append(parent)
    return found.values()
