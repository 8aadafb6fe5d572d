"""The functions of JSONata by name, with their arguments and a sentence each: what completion offers between `{%` and `%}`.

JSONata 2.0.6 as Step Functions runs it: without `$eval`, and with the six that the service adds. An argument that may be
left out ends in `?`; the value that an expression is applied to takes its place where the language allows that.
"""

from __future__ import annotations

FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    # what Step Functions adds
    ("partition", "array, size", "The array in chunks of the given size; the last may be shorter."),
    ("range", "first, last, step", "The numbers from first up to and including last."),
    ("hash", "data, algorithm", "The hex digest: MD5, SHA-1, SHA-256, SHA-384 or SHA-512."),
    ("random", "seed?", "A random number from 0 up to, not including, 1; the same for the same seed."),
    ("uuid", "", "A new version 4 UUID."),
    ("parse", "string", "The value that the JSON text describes."),
    # texts
    ("string", "value, pretty?", "The value as text; objects and arrays as JSON."),
    ("length", "string", "Number of characters."),
    ("substring", "string, start, length?", "A part of the text; a negative start counts from the end."),
    ("substringBefore", "string, characters", "What stands before the first occurrence; the whole text without one."),
    ("substringAfter", "string, characters", "What stands behind the first occurrence; the whole text without one."),
    ("uppercase", "string", "The text in capitals."),
    ("lowercase", "string", "The text in small letters."),
    ("trim", "string", "Without white space at the ends, and with single blanks inside."),
    ("pad", "string, width, character?", "Filled up to the width; a negative width fills on the left."),
    ("contains", "string, pattern", "Whether the text or regular expression occurs in it."),
    ("split", "string, separator, limit?", "The pieces between the separators."),
    ("join", "strings, separator?", "The texts of an array as one, the separator between them."),
    ("match", "string, pattern, limit?", "The matches of a regular expression: match, index and groups of each."),
    ("replace", "string, pattern, replacement, limit?", "The text with each match replaced."),
    ("base64encode", "string", "The text in Base64."),
    ("base64decode", "string", "The text behind Base64."),
    ("encodeUrlComponent", "string", "The text as a part of a URL."),
    ("encodeUrl", "string", "The text as a URL."),
    ("decodeUrlComponent", "string", "The text behind an encoded part of a URL."),
    ("decodeUrl", "string", "The text behind an encoded URL."),
    # numbers
    ("number", "value", "The value as a number: of a text or of true and false."),
    ("abs", "number", "Without its sign."),
    ("floor", "number", "Rounded down."),
    ("ceil", "number", "Rounded up."),
    ("round", "number, precision?", "Rounded to so many decimals, halves to the even neighbour."),
    ("power", "base, exponent", "The base to the power of the exponent."),
    ("sqrt", "number", "The square root."),
    ("formatNumber", "number, picture, options?", "The number as the picture describes: '#,##0.00'."),
    ("formatBase", "number, radix?", "The whole number in the base, 10 without one."),
    ("formatInteger", "number, picture", "The whole number in words, letters or digits: 'w', 'A', '000'."),
    ("parseInteger", "string, picture", "The whole number that the text says in that picture."),
    ("sum", "array", "Sum of the numbers."),
    ("max", "array", "Largest of the numbers."),
    ("min", "array", "Smallest of the numbers."),
    ("average", "array", "Mean of the numbers."),
    # true and false
    ("boolean", "value", "Whether the value counts as true: not empty, not zero, not null."),
    ("not", "value", "The opposite of what the value counts as."),
    ("exists", "value", "Whether the expression gives any value."),
    # arrays
    ("count", "array", "Number of items."),
    ("append", "first, second", "The items of both, one behind the other."),
    ("sort", "array, function?", "The items in order; the function says whether the left comes behind the right."),
    ("reverse", "array", "The items from last to first."),
    ("shuffle", "array", "The items in random order."),
    ("distinct", "array", "The items without repetition."),
    ("zip", "arrays…", "Arrays of the first items, of the second items, and so on."),
    # objects
    ("keys", "object", "The names of an object, or of all objects of an array."),
    ("lookup", "object, name", "The value of a name, in an object or in each object of an array."),
    ("spread", "object", "An array of objects with one name each."),
    ("merge", "objects", "One object of all; later values win."),
    ("sift", "object, function", "The object with the members for which the function holds."),
    ("each", "object, function", "What the function gives for each value and name."),
    ("error", "message?", "Fails with the message."),
    ("assert", "condition, message?", "Fails with the message unless the condition holds."),
    ("type", "value", "Kind of the value: 'string', 'number', 'object', …"),
    # functions over many
    ("map", "array, function", "What the function gives for each item, with index and array if it takes them."),
    ("filter", "array, function", "The items for which the function holds."),
    ("single", "array, function?", "The one item for which the function holds; fails for none and for several."),
    ("reduce", "array, function, start?", "The items joined by a function of two, from the left."),
    # time
    ("now", "picture?, timezone?", "The present moment, ISO 8601 without a picture."),
    ("millis", "", "The present moment in milliseconds since 1970."),
    ("fromMillis", "number, picture?, timezone?", "The moment as text, ISO 8601 without a picture."),
    ("toMillis", "timestamp, picture?", "The moment that the text names, in milliseconds since 1970."),
)
"""Name without `$`, arguments, help."""
