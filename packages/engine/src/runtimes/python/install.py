# Runs inside the sandbox, by Python 3.7 or newer: has dependencies installed as the file beside it
# says, by one of its commands after the other while they only lack wheels. Where none helps, a wheel
# is built of what has none, into a folder that the commands look into as well: so the installer
# itself holds every wheel to the function's Python and platform, built ones too.
# A last line "packline: NAME can not be built: WHY" tells why that failed.
import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from urllib.parse import unquote

HOME = os.path.dirname(os.path.abspath(__file__))
WHEELS = os.path.join(HOME, 'wheels')
BUILT = os.path.join(HOME, 'built')
PIP = os.path.join(HOME, 'fresh-pip')
LIST = os.path.join(HOME, 'requirements.txt')
SOURCE = os.environ['PACKLINE_SOURCE']

with open(os.path.join(HOME, 'install.json')) as file:
    JOB = json.load(file)

# What uv and pip say of a package without a fitting wheel.
LACKING = [
    r'(\S+) ha(?:s|ve) no (?:usable )?wheels',
    r'No matching distribution found for (\S+)',
]
# The lines of a failed build that say why, the plainest first.
REASONS = [
    r"requires a different Python: [^\n]*",
    r'No matching distribution found for [^\n]*',
    r'fatal error: [^\n]*',
    r"(?:unable to execute|command) '?[\w./-]*(?:gcc|cc|g\+\+|clang)[\w-]*'? failed[^\n]*",
    r'[^\n]*(?:Rust|cargo|compiler)[^\n]*(?:not found|required|cannot|can.t find)[^\n]*',
    r'(?:\w*Error|error): [^\n]+',
]
# No path, date or machine of this build in what a compiler writes.
SETTINGS = {
    'CFLAGS': '-g0',
    'CXXFLAGS': '-g0',
    'LDFLAGS': '-Wl,--build-id=none -Wl,--strip-all',
    'SOURCE_DATE_EPOCH': '315532800',
    'PYTHONHASHSEED': '0',
}
# What is compiled here runs on this architecture, and mostly under the Python that built it alone.
NATIVE = JOB['builder']['same'] and platform.machine() == JOB['architecture']
FOREIGN = 'it has to be compiled, and here that gives it for Python %s on %s only' % (
    JOB['builder']['version'],
    platform.machine(),
)
NO_COMPILER = '/bin/false'
if not NATIVE:
    # Fails at once, and those that can do without are made without.
    SETTINGS.update(CC=NO_COMPILER, CXX=NO_COMPILER)


class Unbuildable(Exception):
    pass


def main():
    os.makedirs(WHEELS, exist_ok=True)
    try:
        if JOB['builds']:
            build_local()
        return install()
    except Unbuildable as error:
        print('packline: %s can not be built: %s' % error.args)
        return 1


def install():
    tried = []
    while True:
        code, asked = attempt()
        name = name_of(asked or '')
        # What the source itself brings is never taken from the registry under the same name.
        if asked is None or asked in tried or is_local(name) or not JOB['builds']:
            return code
        tried.append(asked)
        wheel = build(asked, ['--no-binary', name] + requirement(asked, name))
        hold(name, wheel)


def attempt():
    """The exit code, and what the last command lacked a wheel of."""
    for argv in JOB['attempts']:
        code, output = run(argv + ['--find-links', WHEELS])
        asked = first_match(LACKING, output)
        if code == 0 or asked is None:
            return code, None
    return code, asked


def build_local():
    for line in read_list():
        found = re.match(r'(?:(\S+) @ )?file://(\S+)', line)
        if found is None or found.group(2).endswith('.whl'):
            continue
        place = unquote(found.group(2)).replace('${PACKLINE_SOURCE}', SOURCE)
        asked = os.path.relpath(place, SOURCE)
        if os.path.isdir(place):
            # Building leaves files behind, which must not come into the package.
            shutil.copytree(place, os.path.join(HOME, 'copy'), symlinks=True)
            wheel = build(asked, [os.path.join(HOME, 'copy')])
            shutil.rmtree(os.path.join(HOME, 'copy'))
        else:
            wheel = build(asked, [place])
        name = found.group(1) or os.path.basename(wheel).split('-')[0]
        replace(line, name, wheel)


def build(asked, argv):
    shutil.rmtree(BUILT, ignore_errors=True)
    os.makedirs(BUILT)
    # A wheel that pip kept was built with other tools, or without a compiler.
    flags = ['--no-deps', '--use-pep517', '--no-cache-dir', '--no-input', '--progress-bar=off']
    flags += ['--wheel-dir', BUILT]
    if not JOB['builder']['same']:
        flags.append('--ignore-requires-python')
    code, output = run(pip() + ['wheel'] + flags + argv)
    if code != 0:
        raise Unbuildable(asked, FOREIGN if NO_COMPILER in output else reason(output))
    return fitted(asked, os.path.join(BUILT, os.listdir(BUILT)[0]))


def requirement(asked, name):
    """The one file of the registry that the list's hashes name, else any of that version."""
    hashes = []
    for line in read_list():
        if normal(name_of(line)) == normal(name):
            hashes = re.findall(r'--hash=\S+', line)
    if not hashes:
        return [asked]
    path = os.path.join(HOME, 'one.txt')
    with open(path, 'w') as file:
        file.write('%s %s\n' % (asked, ' '.join(hashes)))
    return ['--require-hashes', '--requirement', path]


def pip():
    """The builder's own where that knows PEP 517 (19 and newer), else a fresh one."""
    python = JOB['builder']['path']
    code, output = run([python, '-m', 'pip', '--version'])
    if code == 0 and int(re.search(r'pip (\d+)', output).group(1)) >= 19:
        return [python, '-m', 'pip']
    if not os.path.isdir(PIP):
        fetch_pip(python, code == 0)
    return [python, os.path.join(PIP, 'pip')]


def fetch_pip(python, has_pip):
    by_pip = [python, '-m', 'pip', 'install', '--no-compile']
    by_uv = [JOB['uv'], 'pip', 'install', '--python', python, '--no-progress']
    code, output = run((by_pip if has_pip else by_uv) + ['--target', PIP, 'pip'])
    if code != 0:
        raise Unbuildable('pip', reason(output))


def fitted(asked, wheel):
    """Where the wheel lies under a name that says for what it is; none that does not fit."""
    name, version, *rest = os.path.basename(wheel)[: -len('.whl')].split('-')
    python, abi, system = rest[-3:]
    if system == 'any' and abi == 'none':
        if not any(fits_python(tag) for tag in python.split('.')):
            raise Unbuildable(asked, 'it becomes a wheel for %s' % python)
        return shutil.move(wheel, WHEELS)
    needs = glibc_of(wheel)
    major = JOB['python'][0]
    if needs is None and JOB['builder']['version'][0] == major:
        # Made without its compiled parts, which it does not need then.
        return renamed(wheel, [name, version, 'py' + major, 'none', 'any'])
    if not NATIVE:
        raise Unbuildable(asked, FOREIGN)
    known = JOB['glibc']
    minors = [minor for minor in known if minor >= needs]
    if not minors:
        raise Unbuildable(
            asked, 'compiled here it needs glibc 2.%d; at most 2.%d is allowed' % (needs, known[-1])
        )
    tag = 'manylinux_2_%d_%s' % (minors[0], JOB['architecture'])
    return renamed(wheel, [name, version, python, abi, tag])


def fits_python(tag):
    major, minor = (int(number) for number in JOB['python'].split('.'))
    found = re.match(r'(?:py|cp)(\d)(\d*)$', tag)
    if found is None or int(found.group(1)) != major:
        return False
    return found.group(2) == '' or int(found.group(2)) <= minor


def glibc_of(wheel):
    """The newest glibc that a native file names a symbol of; none where there is no such file."""
    minors = []
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if content.startswith(b'\x7fELF'):
                minors += [0] + [int(minor) for minor in re.findall(rb'GLIBC_2\.(\d+)', content)]
    return max(minors, default=None)


def renamed(wheel, parts):
    target = os.path.join(WHEELS, '-'.join(parts) + '.whl')
    tag = '-'.join(parts[2:]).encode()
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, 'w') as copy:
        contents = {entry: source.read(entry) for entry in source.infolist()}
        for entry, content in contents.items():
            if entry.filename.endswith('.dist-info/WHEEL'):
                contents[entry] = re.sub(rb'(?m)^Tag: \S+', b'Tag: ' + tag, content)
                line = '%s,sha256=%s,%d' % (entry.filename, digest(contents[entry]), len(contents[entry]))
        for entry, content in contents.items():
            if entry.filename.endswith('.dist-info/RECORD'):
                content = re.sub(rb'(?m)^\S+\.dist-info/WHEEL,[^\r\n]*', line.encode(), content)
            copy.writestr(entry, content)
    return target


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')


def hold(name, wheel):
    """In a list with hashes, the line is for the source: from now on it is for the wheel of it."""
    for line in read_list():
        if JOB['hashed'] and normal(name_of(line)) == normal(name):
            replace(line, name, wheel)


def replace(old, name, wheel):
    with open(wheel, 'rb') as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    marker = re.search(r' ; [^#]*?(?=  --hash|  #)', old)
    line = '%s @ file://%s%s' % (name, wheel, marker.group(0) if marker else '')
    if JOB['hashed']:
        line += ' --hash=sha256:' + sha256
    lines = [line + '\n' if one == old else one for one in read_list()]
    with open(LIST, 'w') as file:
        file.writelines(lines)


def is_local(name):
    return any(' @ ' in line and normal(name_of(line)) == normal(name) for line in read_list())


def read_list():
    with open(LIST) as file:
        return file.readlines()


def name_of(line):
    return re.split(r'[<>=!~\[ ]', line)[0]


def normal(name):
    return re.sub(r'[-_.]+', '-', name).lower()


def run(argv):
    print('$ ' + ' '.join(argv), flush=True)
    process = subprocess.Popen(
        argv,
        cwd=HOME,
        env={**os.environ, **SETTINGS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors='replace',
    )
    lines = []
    for line in process.stdout:
        print(line, end='', flush=True)
        lines.append(line)
    return process.wait(), ''.join(lines)


def first_match(patterns, text):
    for pattern in patterns:
        found = re.search(pattern, text)
        if found is not None:
            return found.group(1).rstrip(',.')
    return None


def reason(output):
    for pattern in REASONS:
        found = re.search(pattern, output)
        if found is not None:
            return found.group(0).strip()
    return (output.strip().splitlines() or ['it said nothing'])[-1].strip()


sys.exit(main())
