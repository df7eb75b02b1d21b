/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Scripts and stores as files
 *
 * A record is written beside its old file and then renamed, so that a power
 * cut leaves the old or the new one.
 *
 * @}
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "vfs.h"
#include "vfs_default.h"

#include "internal.h"
#include "rbpf_agent.h"

#ifndef CONFIG_RBPF_DIRECTORY
#define CONFIG_RBPF_DIRECTORY   VFS_DEFAULT_DATA "/rbpf"
#endif

#define NEW_FILE                CONFIG_RBPF_DIRECTORY "/new"

/* Its last character becomes the record's letter. */
static char _path[] = CONFIG_RBPF_DIRECTORY "/a";

static const char *_file(unsigned record)
{
    _path[sizeof(_path) - 2] = 'a' + record;
    return _path;
}

bool rbpf_persist_init(void)
{
    int res = vfs_mkdir(CONFIG_RBPF_DIRECTORY, 0755);

    if ((res < 0) && (res != -EEXIST)) {
        puts("rbpf: cannot make " CONFIG_RBPF_DIRECTORY
             ": scripts and values are kept in memory only");
        return false;
    }
    return true;
}

size_t rbpf_persist_load(unsigned record, uint8_t *data, size_t capacity)
{
    size_t size = 0;
    ssize_t res = 0;
    int fd = vfs_open(_file(record), O_RDONLY, 0);

    if (fd < 0) {
        return 0;
    }
    while ((size < capacity) && ((res = vfs_read(fd, data + size, capacity - size)) > 0)) {
        size += res;
    }
    vfs_close(fd);
    return res < 0 ? 0 : size;
}

static bool _write(const char *path, const uint8_t *data, size_t size)
{
    ssize_t res = 0;
    int fd = vfs_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0) {
        return false;
    }
    while ((size > 0) && ((res = vfs_write(fd, data, size)) > 0)) {
        data += res;
        size -= res;
    }
    return (vfs_close(fd) == 0) && (size == 0);
}

bool rbpf_persist_save(unsigned record, const uint8_t *data, size_t size)
{
    if (size == 0) {
        int res = vfs_unlink(_file(record));
        return (res == 0) || (res == -ENOENT);
    }
    return _write(NEW_FILE, data, size) && (vfs_rename(NEW_FILE, _file(record)) == 0);
}
