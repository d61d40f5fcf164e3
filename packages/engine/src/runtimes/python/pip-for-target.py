# Runs pip for a Python that is not the one that runs it. pip takes wheels for another Python by its
# own options, but reads environment markers (python_version < "3.11") by the one that it runs on:
# here they are those of the function's Python, which the file beside this one has.
# Where install.json says that nothing is built, nothing but a wheel is taken, whatever asks for it:
# --only-binary does not hold for addresses, folders and repositories, be they named in the list or
# by a wheel, and lines of the list can turn it off.
import json
import os
import runpy
import sys

from pip._internal.exceptions import DistributionNotFound
from pip._internal.operations import prepare
from pip._vendor.packaging import markers

FOLDER = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(FOLDER, name)) as file:
        return json.load(file)


def refused(name):
    """What pip says where there are sources only: install.py and the second stage go by it."""
    return DistributionNotFound('No matching distribution found for %s' % name)


def take_wheels_only():
    """By names that pip has had since version 10: without one it fails here, and builds nothing."""
    # Older ones find the link of a name in there only, and all may come back from a wheel that they
    # had kept to its source: unpacking is where both end.
    wrap(prepare.RequirementPreparer, 'prepare_linked_requirement', unless_linked_to_source)
    wrap(prepare.RequirementPreparer, 'prepare_editable_requirement', never)
    wrap(prepare, 'unpack_url', unless_of_source)


def wrap(place, name, wrapper):
    setattr(place, name, wrapper(getattr(place, name)))


def unless_linked_to_source(prepared):
    def linked(preparer, req, *others, **named):
        if req.link is not None and not is_wheel(req.link):
            raise refused(req.name or req.link.filename)
        return prepared(preparer, req, *others, **named)

    return linked


def never(_):
    def editable(preparer, req, *others, **named):
        raise refused(req.name or req.link.filename)

    return editable


def unless_of_source(unpacked):
    def unpack(link, *others, **named):
        if not is_wheel(link):
            raise refused(link.filename)
        return unpacked(link, *others, **named)

    return unpack


def is_wheel(link):
    """A folder of a version control system may be named like one."""
    return link.is_wheel and link.scheme in ('https', 'http', 'file')


ENVIRONMENT = read('markers.json')
markers.default_environment = lambda: dict(ENVIRONMENT)
if not read('install.json')['builds']:
    take_wheels_only()
sys.argv[0] = 'pip'
runpy.run_module('pip', run_name='__main__', alter_sys=True)
