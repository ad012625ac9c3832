"""SearchParameters and CompartmentDefinitions."""

TYPES = ["number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"]
COMPARATORS = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
MODIFIERS = ["missing", "exact", "contains", "not", "text", "in", "not-in", "below", "above", "type", "identifier",
             "ofType"]
# R4 §3.1.1.5.3: which modifiers make sense for which type of parameter; the definitions themselves list none.
MODIFIERS_OF_TYPE = {
    "number": ["missing"], "date": ["missing"], "quantity": ["missing"], "composite": [], "special": [],
    "string": ["missing", "exact", "contains"],
    "token": ["missing", "text", "not", "in", "not-in", "below", "above", "ofType"],
    "reference": ["missing", "type", "identifier", "above", "below"],
    "uri": ["missing", "below", "above"],
}


def bits(names, chosen):
    return sum(1 << names.index(name) for name in chosen)


def comparators(parameter):
    if parameter["type"] not in ("number", "date", "quantity"):
        return 0
    return bits(COMPARATORS, parameter.get("comparator", COMPARATORS))


def modifiers(parameter):
    return bits(MODIFIERS, MODIFIERS_OF_TYPE[parameter["type"]])


def parameters_of_type(parameters, ancestors):
    """Numbers of the parameters (1-based) whose bases are among the type and its ancestors."""
    return [number for number, p in enumerate(parameters, 1) if set(p["base"]) & ancestors]
