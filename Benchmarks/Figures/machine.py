"""What a figure was measured on."""
import datetime, json, os, platform, subprocess


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def instructions():
    try:
        flags = next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split()
    except (OSError, StopIteration):
        return platform.machine()
    return ", ".join(name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("fma", "FMA")) if flag in flags)


def system():
    try:
        for line in open("/etc/os-release"):
            if line.startswith("PRETTY_NAME="):
                return line.split("=", 1)[1].strip().strip('"')
    except OSError:
        pass
    return platform.system()


def versions():
    import importlib.metadata
    found = {}
    for package in ("onnxruntime", "openvino", "ncnn", "mnn"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def devices(weft):
    """The names of Weft's devices by id."""
    done = subprocess.run([weft, "providers", "--json"], capture_output=True, text=True)
    if done.returncode:
        return {}
    found = {}
    for provider in json.loads(done.stdout).get("providers", []):
        for device in provider.get("devices", []):
            found[device.get("id", provider.get("name"))] = device.get("name")
    return found


def describe(weft):
    return {
        "processor": processor(), "cores": len(os.sched_getaffinity(0)), "instructions": instructions(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": system(), "date": datetime.date.today().isoformat(), "devices": devices(weft),
        "rivals": versions(), "load": round(os.getloadavg()[0], 1),
    }


def sentence(machine):
    return f"{machine['cores']} cores of {machine['processor']} ({machine['instructions']}), {machine['system']}"
