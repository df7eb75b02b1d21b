/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       What an application prints travels over the scripts' serial link
 *
 * As slipmux diagnostic frames; `rbpf log` shows them. Nothing can be read.
 *
 * @}
 */

#include "rbpf_agent.h"
#include "stdio_base.h"

static ssize_t _write(const void *buffer, size_t len)
{
    /* What has no room is lost: printing must not wait for a workstation. */
    rbpf_print(buffer, len);
    return len;
}

STDIO_PROVIDER(STDIO_RBPF, NULL, NULL, _write)
