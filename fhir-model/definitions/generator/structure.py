"""StructureDefinitions → types, elements, bindings and invariants."""

PREFIX = "http://hl7.org/fhir/StructureDefinition/"
FHIR_TYPE = PREFIX + "structuredefinition-fhir-type"
REGEX = PREFIX + "regex"
MAX_VALUE_SET = PREFIX + "elementdefinition-maxValueSet"
BEST_PRACTICE = PREFIX + "elementdefinition-bestpractice"
KINDS = {"none": 0, "primitive": 1, "complex": 2, "resource": 3, "backbone": 4}
JSON_FORMS = {"boolean": 3, "integer": 2, "decimal": 2, "positiveInt": 2, "unsignedInt": 2}
UNBOUNDED = 0xFFFF


def extension(owner, url):
    for item in owner.get("extension", []):
        if item["url"] == url:
            return next(value for key, value in item.items() if key.startswith("value"))
    return None


class TypeModel:
    def __init__(self, name, kind, base, url="", abstract=False, profile=False):
        self.name, self.kind, self.base, self.url = name, kind, base, url
        self.abstract, self.profile = abstract, profile
        self.regex = ""
        self.elements = []
        self.invariants = []


class ElementModel:
    """One element as the tables keep it; `types` is a list of (type name, json name, targets, profiles)."""

    def __init__(self, definition, owner):
        self.path = definition["path"]
        self.name = self.path.rsplit(".", 1)[1]
        self.owner = owner
        self.definition = definition
        self.min = definition["min"]
        self.max = UNBOUNDED if definition["max"] == "*" else int(definition["max"])
        base = definition.get("base", {})
        self.is_array = base.get("max", definition["max"]) not in ("0", "1")
        self.is_inherited = base.get("path", self.path) != self.path
        self.is_choice = self.name.endswith("[x]")
        self.is_attribute = "xmlAttr" in definition.get("representation", [])
        self.content_reference = definition.get("contentReference", "")
        self.types = []
        self.invariants = []

    def base_name(self):
        return self.name[:-3] if self.is_choice else self.name


class Structure:
    """Reads all definitions; afterwards `types` (ordered), `invariants` and `bindings` are complete."""

    def __init__(self, definitions):
        self.types = {}
        self.invariants, self.invariant_ids = [], {}
        self.bindings, self.binding_ids = [None], {}
        for definition in definitions:
            self._add(definition)
        self._drop_repeated_invariants()

    def _add(self, definition):
        profile = definition.get("derivation") == "constraint"
        name = definition["name"] if profile else definition["type"]
        kind = {"primitive-type": "primitive", "complex-type": "complex", "resource": "resource"}[definition["kind"]]
        base = definition.get("baseDefinition", "").rsplit("/", 1)[-1]
        made = TypeModel(name, kind, base, definition["url"], definition["abstract"], profile)
        self.types[name] = made
        elements = definition["snapshot"]["element"]
        made.invariants = self._invariants(elements[0])
        nested = {e["path"].rsplit(".", 1)[0] for e in elements if e["path"].count(".") > 1}
        for element in elements[1:]:
            assert "sliceName" not in element, element["id"]
            self._add_element(made, element, nested)

    def _add_element(self, root, definition, nested):
        owner_path = definition["path"].rsplit(".", 1)[0]
        owner = root if owner_path == root.name or root.profile else self.types[owner_path]
        if root.kind == "primitive" and definition["path"].endswith(".value"):
            self._take_regex(root, definition)
            return
        element = ElementModel(definition, owner)
        element.invariants = self._invariants(definition)
        if definition["path"] in nested:
            base = definition["type"][0]["code"]
            backbone = TypeModel(definition["path"], "backbone", base)
            backbone.invariants = element.invariants
            self.types[definition["path"]] = backbone
            element.types = [(definition["path"], element.name, [], [])]
        elif element.content_reference:
            element.types = [(element.content_reference[1:], element.name, [], [])]
        else:
            element.types = [self._choice(element, t) for t in definition["type"]]
        element.binding = self._binding(definition.get("binding"))
        owner.elements.append(element)

    @staticmethod
    def _take_regex(root, definition):
        for listed in definition["type"]:
            root.regex = extension(listed, REGEX) or root.regex

    @staticmethod
    def _choice(element, listed):
        code = listed["code"]
        if code.startswith("http://hl7.org/fhirpath/"):
            code = extension(listed, FHIR_TYPE) or "string"
            if element.definition.get("base", {}).get("path") == "Resource.id":
                code = "id"  # R4 §2.26.3.1: the logical id is of type id
        json_name = element.base_name() + code[0].upper() + code[1:] if element.is_choice else element.name
        targets = [url.rsplit("/", 1)[-1] for url in listed.get("targetProfile", [])]
        return code, json_name, targets, listed.get("profile", [])

    def _invariants(self, definition):
        ids = []
        for constraint in definition.get("constraint", []):
            key = (constraint["key"], constraint.get("expression", ""), constraint["severity"])
            if key not in self.invariant_ids:
                self.invariant_ids[key] = len(self.invariants)
                self.invariants.append(constraint)
            ids.append(self.invariant_ids[key])
        return ids

    def _binding(self, binding):
        if not binding or "valueSet" not in binding:
            return 0
        key = (binding["valueSet"], extension(binding, MAX_VALUE_SET) or "", binding["strength"])
        if key not in self.binding_ids:
            self.binding_ids[key] = len(self.bindings)
            self.bindings.append(key)
        return self.binding_ids[key]

    def _drop_repeated_invariants(self):
        """What all types of an element demand anyway needs no second look at the element."""
        for made in self.types.values():
            for element in made.elements:
                common = set.intersection(*(set(self.types[t[0]].invariants) for t in element.types))
                element.invariants = [i for i in element.invariants if i not in common]

    def ordered_types(self):
        order = {"primitive": 0, "complex": 1, "resource": 2, "backbone": 3}
        return sorted(self.types.values(), key=lambda t: (order[t.kind], t.profile, t.name))
