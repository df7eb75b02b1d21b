// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/serial_posix.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "debugger/transport/port_access.hpp"
#include "debugger/transport/port_holder.hpp"

namespace rbpf::transport {

using support::ErrorKind;

namespace {

tl::unexpected<support::Error> openFailed(const std::string& path, int errorNumber) {
    switch (errorNumber) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
        return support::fail(ErrorKind::Link, path + ": no such port", "`rbpf boards` lists them");
    case EACCES:
    case EPERM:
        if (auto problem = accessProblem(path)) {
            return tl::unexpected(std::move(*problem));
        }
        [[fallthrough]];
    default:
        return support::fail(ErrorKind::Link, path + ": " + std::strerror(errorNumber), "`rbpf boards` lists ports");
    }
}

/// Unix98 PTY slaves have majors 136 … 143 (Documentation/admin-guide/devices.txt).
bool isPty(const struct stat& status) {
    return major(status.st_rdev) >= 136 && major(status.st_rdev) <= 143;
}

bool makeRaw(int fd) {
    termios settings{};
    if (tcgetattr(fd, &settings) != 0) {
        return false;
    }
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &=
        ~static_cast<tcflag_t>(HUPCL | CRTSCTS | CSTOPB); // closing must not drop DTR: boards reset on it
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    cfsetispeed(&settings, B115200);
    cfsetospeed(&settings, B115200);
    if (tcsetattr(fd, TCSANOW, &settings) != 0) {
        return false;
    }
    int lines = TIOCM_DTR | TIOCM_RTS; // USB serial ports send nothing without DTR; a PTY has no such lines
    ioctl(fd, TIOCMBIS, &lines);
    return true;
}

} // namespace

tl::unexpected<support::Error> portHeld(const std::string& path, const std::string& heldBy) {
    return support::fail(ErrorKind::Link, path + ": the port is held by " + heldBy,
                         "close that program, or choose another board with --board");
}

support::Result<SerialOpening> openSerial(const std::string& path) {
    Fd fd(open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        if (errno == EBUSY) {
            const auto holder = openHolder(path);
            return SerialOpening{Fd{}, holder ? holderText(*holder) : "another process"};
        }
        return openFailed(path, errno);
    }
    struct stat status{};
    if (fstat(fd.get(), &status) != 0 || !S_ISCHR(status.st_mode) || isatty(fd.get()) == 0) {
        return support::fail(ErrorKind::Link, path + ": not a serial port", "`rbpf boards` lists them");
    }
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        const auto holder = lockHolder(fd.get());
        return SerialOpening{Fd{}, holder ? holderText(*holder) : "another process"};
    }
    // The exclusive mark of a tty lasts until its last close. The board holds a PTY open as well, so there an owner
    // that is killed would leave the mark behind and lock everybody out; programs other than ours do not open PTYs.
    if (!isPty(status)) {
        if (const auto holder = openHolder(path)) {
            return SerialOpening{Fd{}, holderText(*holder)};
        }
        ioctl(fd.get(), TIOCEXCL);
    }
    if (!makeRaw(fd.get())) {
        return openFailed(path, errno);
    }
    return SerialOpening{std::move(fd), {}};
}

} // namespace rbpf::transport
