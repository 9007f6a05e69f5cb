# SPDX-License-Identifier: MIT
"""Kinds of JSON values, and whether a value is of a kind. entities.py says with them what the API answers.

A kind is a pattern for text, str, bool, int (a count that fits 32 bits), a tuple of number types, a dict of fields, a list
of one kind, or one of the classes below. A field that nobody declared is as wrong as one that is missing."""
import re

ID = re.compile(r"[1-9][0-9]{0,19}\Z")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
URL = re.compile(r"https?://[^\s/]+(/\S*)?\Z")
WS_URL = re.compile(r"wss?://[^\s/]+\Z")
COLOR = re.compile(r"(#[0-9a-fA-F]{6})?\Z")


class Null:
    """null, or of this kind."""

    def __init__(self, kind):
        self.kind = kind


class Left:
    """May be left out; else of this kind."""

    def __init__(self, kind):
        self.kind = kind


class OneOf:
    def __init__(self, *values):
        self.values = values


class Either:
    """Of one of these kinds."""

    def __init__(self, *kinds):
        self.kinds = kinds


class Map:
    """An object with any names, whose values are of this kind."""

    def __init__(self, kind):
        self.kind = kind


def check_object(kind, value, path):
    assert isinstance(value, dict), "%s: an object, not %r" % (path, value)
    for name, field in kind.items():
        if isinstance(field, Left):
            if name not in value:
                continue
            field = field.kind
        assert name in value, "%s.%s is missing" % (path, name)
        check_value(field, value[name], "%s.%s" % (path, name))
    extra = set(value) - set(kind)
    assert not extra, "%s has fields that nobody declared: %s" % (path, sorted(extra))


def check_either(kinds, value, path):
    wrong = []
    for kind in kinds:
        try:
            return check_value(kind, value, path)
        except AssertionError as e:
            wrong.append(str(e))
    raise AssertionError(" and ".join(wrong))


def check_value(kind, value, path):
    if isinstance(kind, Null):
        if value is not None:
            check_value(kind.kind, value, path)
    elif isinstance(kind, Either):
        check_either(kind.kinds, value, path)
    elif isinstance(kind, Map):
        assert isinstance(value, dict), "%s: an object, not %r" % (path, value)
        for name, item in value.items():
            check_value(kind.kind, item, "%s.%s" % (path, name))
    elif isinstance(kind, OneOf):
        assert value in kind.values, "%s: %r is none of %s" % (path, value, kind.values)
    elif isinstance(kind, re.Pattern):
        assert isinstance(value, str) and kind.match(value), "%s: %r is not like %s" % (path, value, kind.pattern)
    elif isinstance(kind, list):
        assert isinstance(value, list), "%s: an array, not %r" % (path, value)
        for i, item in enumerate(value):
            check_value(kind[0], item, "%s[%d]" % (path, i))
    elif isinstance(kind, dict):
        check_object(kind, value, path)
    elif isinstance(kind, tuple):
        assert type(value) in kind, "%s: a number, not %r" % (path, value)
    elif kind is int:
        assert type(value) is int and 0 <= value < 2 ** 31, "%s: a count, not %r" % (path, value)
    else:
        assert type(value) is kind, "%s: %s, not %r" % (path, kind.__name__, value)
