# Runs pip for a Python that is not the one that runs it. pip takes wheels for another Python by its
# own options, but reads environment markers (python_version < "3.11") by the one that it runs on:
# here they are those of the function's Python, which the file beside this one has.
import json
import os
import runpy
import sys

from pip._vendor.packaging import markers

FOLDER = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(FOLDER, 'markers.json')) as file:
    ENVIRONMENT = json.load(file)
markers.default_environment = lambda: dict(ENVIRONMENT)
sys.argv[0] = 'pip'
runpy.run_module('pip', run_name='__main__', alter_sys=True)
