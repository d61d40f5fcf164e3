# -*- coding: utf-8 -*-
# Runs inside the sandbox, by Python 2.7 or any 3: loads a handler as the platform does and answers
# in one line, and in a second one what came of calling it where a test event follows the token. argv: the handler's file without extension, its functions joined by commas, and the
# modules that the platform has pre-installed.
import importlib
import json
import os
import sys
import time
import traceback

# Gone before the user's code runs, so that it can not answer in our place by accident.
TOKEN = sys.stdin.readline().strip()
EVENT = sys.stdin.read()
ROOT = os.getcwd()
FILE, FUNCTIONS, PREINSTALLED = sys.argv[1], sys.argv[2].split(','), sys.argv[3:]
ASSUMED = set()
# Longer answers are for a test of the function, not for one of its package.
ANSWER_CHARS_MAX = 32 * 1024


def main():
    # What this machine's Python has beside its standard library, the platform has not.
    own = [path for path in sys.path[1:] if not path.endswith(('site-packages', 'dist-packages'))]
    sys.path[:] = [ROOT] + own
    sys.argv[:] = [FILE + '.py']
    sys.meta_path.append(PreinstalledFinder())
    module = attempt(load, 'loaded')
    absent = [name for name in FUNCTIONS if not callable(getattr(module, name, None))]
    if absent:
        path = FILE + '.py'
        answer(
            ok=False,
            fault='noFunction',
            found=[path, absent[0]],
            path=path,
            initializer=absent[0] != FUNCTIONS[0],
        )
    if EVENT:
        tell(ok=True)
        called = attempt(lambda: call(module), 'called')
        answer(called=called)
    answer(ok=True)


def attempt(work, doing):
    try:
        return work()
    except SystemExit as error:
        fail(doing, fault='exits', found=[('sys.exit(%s)' % (error.code,))[:200]])
    except BaseException as error:
        path, line = place_of(error, sys.exc_info()[2])
        fail(doing, message=message_of(error), path=path, line=line)


def fail(doing, **told):
    told['ok'] = False
    answer(**({'called': told} if doing == 'called' else told))


def call(module):
    context = Context()
    if len(FUNCTIONS) > 1:
        getattr(module, FUNCTIONS[1])(context)
    event = json.loads(EVENT)
    started = time.time()
    given = getattr(module, FUNCTIONS[0])(event, context)
    ms = (time.time() - started) * 1000
    text = json.dumps(given)
    if len(text) > ANSWER_CHARS_MAX:
        return {'ok': False, 'fault': 'answerTooLong', 'found': [len(text), ANSWER_CHARS_MAX]}
    return {'ok': True, 'answer': given, 'ms': round(ms, 3), 'memoryBytes': memory_bytes()}


def memory_bytes():
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Logger(object):
    def log(self, text, *more):
        print(text)

    info = warn = warning = error = debug = log

    def setLevel(self, level):
        pass


class Context(object):
    """What the platform gives beside the event (developer guide, "context methods"): all empty."""

    def getRequestID(self):
        return 'packline-test'

    def getRemainingTimeInMilliSeconds(self):
        return 30000

    def getRunningTimeInSeconds(self):
        return 30

    def getMemorySize(self):
        return 128

    def getCPUNumber(self):
        return 0.1

    def getLogger(self):
        return Logger()

    def __getattr__(self, name):
        if not name.startswith('get'):
            raise AttributeError(name)
        return lambda *given: ''


def load():
    if sys.version_info[0] == 2 and '/' in FILE:
        # Python 2 takes no folder without __init__.py for a package.
        import imp

        return imp.load_source(FILE.replace('/', '_'), os.path.join(ROOT, FILE + '.py'))
    return importlib.import_module(FILE.replace('/', '.'))


def answer(**result):
    try:
        tell(**result)
    finally:
        # Threads that the module started must not keep the process.
        os._exit(0)


def tell(**result):
    told = dict((name, value) for name, value in result.items() if value is not None)
    if ASSUMED and 'called' not in told:
        told['assumed'] = sorted(ASSUMED)
    try:
        sys.stdout.flush()
    finally:
        os.write(1, ('\n%s %s\n' % (TOKEN, json.dumps(told))).encode('ascii'))


def message_of(error):
    if isinstance(error, SyntaxError) and error.msg:
        text = error.msg
    else:
        try:
            text = str(error)
        except UnicodeError:
            text = error.args[0]
    if isinstance(text, bytes):
        text = text.decode('utf-8', 'replace')
    return (u'%s: %s' % (type(error).__name__, text))[:3000]


def place_of(error, trace):
    """The innermost line of the user's own code; of the package's where none is their own."""
    frames = [(frame[0], frame[1]) for frame in traceback.extract_tb(trace)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    inside = [(name[len(ROOT) + 1 :], line) for name, line in frames if name.startswith(ROOT + '/')]
    installed = installed_names()
    own = [frame for frame in inside if top_level(frame[0]) not in installed]
    return (own or inside or [(None, None)])[-1]


def top_level(path):
    return path.split('/')[0].split('.')[0].lower()


def installed_names():
    names = set()
    for folder in os.listdir(ROOT):
        if not folder.endswith('.dist-info'):
            continue
        names.add(folder.split('-')[0].lower())
        listed = os.path.join(ROOT, folder, 'top_level.txt')
        if os.path.exists(listed):
            with open(listed) as lines:
                names.update(line.strip().lower() for line in lines)
    return names


class PreinstalledFinder(object):
    """Asked last: stands in for modules that the platform has and this machine need not have."""

    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] not in PREINSTALLED or is_real(name):
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        ASSUMED.add(module.__name__.split('.')[0])

    def find_module(self, name, path=None):
        top = name.split('.')[0]
        if top not in PREINSTALLED or is_real(name):
            return None
        if top not in ASSUMED:
            import imp

            # Python 2 asks finders first of all: step back where the package has the module.
            try:
                imp.find_module(top, sys.path)
                return None
            except ImportError:
                pass
        return self

    def load_module(self, name):
        module = sys.modules[name] = StandIn(name)
        module.__path__ = []
        self.exec_module(module)
        return module


def is_real(name):
    """A module that is there may look for a part of itself which is not: that is its own to say."""
    top = sys.modules.get(name.split('.')[0])
    return top is not None and not isinstance(top, StandIn)


def made(name):
    # Special names are asked for by the interpreter itself, which takes "no" for an answer.
    if name.startswith('__') and name.endswith('__'):
        raise AttributeError(name)
    return AnyClass(str(name), (Anything,), {})


class StandIn(type(sys)):
    def __getattr__(self, name):
        return made(name)


class AnyClass(type):
    """A class that has every attribute; called, it makes an object that has every attribute."""

    def __getattr__(cls, name):
        return made(name)

    def __getitem__(cls, key):
        return cls


class Anything(object):
    def __init__(self, *args, **named):
        pass

    def __call__(self, *args, **named):
        return Anything()

    def __getattr__(self, name):
        return made(name)

    def __getitem__(self, key):
        return Anything()

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


Anything = AnyClass('Anything', (Anything,), {})
for operator in 'add sub mul truediv div floordiv mod pow and or xor matmul'.split():
    setattr(Anything, '__%s__' % operator, Anything.__call__)
    setattr(Anything, '__r%s__' % operator, Anything.__call__)
for conversion in ('int', 'index'):
    setattr(Anything, '__%s__' % conversion, lambda self: 0)
setattr(Anything, '__float__', lambda self: 0.0)

main()
